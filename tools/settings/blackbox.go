//go:build blackbox

package main

import (
	"flag"
	"os"

	"github.com/prometheus/blackbox_exporter/config"
)

func main() {
	facts := walk(&config.Config{}, map[string]string{
		"blackbox_exporter/config.Regexp":        "regex",
		"github.com/alecthomas/units.Base2Bytes": "bytes",
	}, flag.NewFlagSet("blackbox", flag.PanicOnError))
	facts.print(os.Args[1], "config.Config", nil, nil)
}
