//go:build loki

package main

import (
	"flag"
	"os"
	"regexp"
	"strings"

	"github.com/grafana/dskit/kv"
	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/grafana/loki/v3/pkg/runtime"
	"github.com/grafana/loki/v3/pkg/validation"
	"gopkg.in/yaml.v2"
)

// The lists of Loki's own checker.
const lists = "tools/deprecated-config-checker/"

func main() {
	config := &loki.ConfigWrapper{}
	flags := flag.NewFlagSet("loki", flag.PanicOnError)
	config.RegisterFlags(flags)
	facts := walk(&config.Config, map[string]string{
		"loki/v3/pkg/util/flagext.ByteSize":                                                "bytesize",
		"loki/v3/pkg/util/flagext.CSV[github.com/grafana/loki/v3/pkg/util/mempool.Bucket]": "text",
		"loki/v3/pkg/storage/config.Tags":                                                  "{}text",
		"loki/v3/pkg/util/flagext.LabelSet":                                                "{}text",
		"loki/v3/pkg/storage/config.DayTime":                                               "date",
		"loki/v3/pkg/validation.OverwriteMarshalingStringMap":                              "{}text",
		"pkg/util/validation.NotificationRateLimitMap":                                     "{}float",
	}, flags)
	// Their readers take Prometheus's durations where the types say Go's.
	facts.structures["config.IndexPeriodicTableConfig"]["period"] = "days"
	facts.structures["config.PeriodicTableConfig"]["period"] = "days"
	// What its start-up checks add to its types.
	facts.structures["validation.Limits"]["deletion_mode"] = "=disabled|filter-only|filter-and-delete"
	facts.structures["ingester.Config"]["chunk_encoding"] = "=none|gzip|lz4-64k|snappy|lz4-256k|lz4-1M|lz4|flate|zstd"
	facts.structures["validation.Limits"]["tsdb_sharding_strategy"] = "=power_of_two|bounded"
	facts.structures["s3.Config"]["sts_endpoint"] = "address"
	facts.structures["s3.SSEConfig"]["kms_encryption_context"] = "json"
	// runtimeConfigValues of pkg/loki, which is not exported.
	facts.structures["loki.Runtime"] = map[string]string{
		"overrides":       facts.of(map[string]*validation.Limits{}),
		"configs":         facts.of(map[string]*runtime.Config{}),
		"multi_kv_config": facts.of(kv.MultiRuntimeConfig{}),
	}
	facts.print(os.Args[1], "loki.Config", listed("deleted-config.yaml"), listed("deprecated-config.yaml"))
}

func listed(name string) map[string]string {
	text, err := os.ReadFile(lists + name)
	if err != nil {
		panic(err)
	}
	var tree yaml.MapSlice
	if err := yaml.Unmarshal(text, &tree); err != nil {
		panic(err)
	}
	found := map[string]string{}
	collect("", tree, found)
	return found
}

var (
	instead = regexp.MustCompile(`(?i)(?:use|configure|using|setting|favor of) (?:global or per-tenant |setting )?([a-z0-9]+(?:[._][a-z0-9]+)+)`)
	limit   = regexp.MustCompile(`per-tenant [a-z0-9_]+ (?:configuration|limit)`)
)

func collect(path string, tree yaml.MapSlice, found map[string]string) {
	for _, item := range tree {
		key := item.Key.(string)
		if strings.HasPrefix(key, "_") {
			continue
		}
		switch value := item.Value.(type) {
		case yaml.MapSlice:
			collect(path+key+".", value, found)
		case string:
			name := ""
			if match := instead.FindStringSubmatch(value); match != nil {
				name = match[1]
				if limit.MatchString(value) {
					name = "limits_config." + name
				}
			}
			found[path+key] = name
		}
	}
}
