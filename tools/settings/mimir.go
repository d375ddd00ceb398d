//go:build mimir

package main

import (
	"encoding/json"
	"flag"
	"os"

	"github.com/go-kit/log"
	"github.com/grafana/dskit/kv"
	"github.com/grafana/mimir/pkg/distributor"
	"github.com/grafana/mimir/pkg/ingester"
	"github.com/grafana/mimir/pkg/mimir"
	"github.com/grafana/mimir/pkg/util/validation"
)

// The arguments are what the facts say of their source, and descriptors of earlier versions
// (cmd/mimir/config-descriptor.json), whose settings may be gone.
func main() {
	config := &mimir.Config{}
	flags := flag.NewFlagSet("mimir", flag.PanicOnError)
	config.RegisterFlags(flags, log.NewNopLogger())
	facts := walk(config, map[string]string{
		"activeseries/model.CustomTrackersConfig":      "{}matchers",
		"validation.LabelValueLengthOverLimitStrategy": "=error|truncate|drop",
		"validation.OTelTranslationStrategyValue":      "=NoUTF8EscapingWithSuffixes|UnderscoreEscapingWithSuffixes|UnderscoreEscapingWithoutSuffixes|NoTranslation|",
	}, flags)
	// What their start-up checks add to their types.
	facts.structures["querier.Config"]["query_engine"] = "=prometheus|mimir"
	facts.structures["s3.Config"]["sts_endpoint"] = "address"
	facts.structures["s3.SSEConfig"]["kms_encryption_context"] = "json"
	// runtimeConfigValues of pkg/mimir, which is not exported.
	facts.structures["mimir.Runtime"] = map[string]string{
		"overrides":          facts.of(map[string]*validation.Limits{}),
		"multi_kv_config":    facts.of(kv.MultiRuntimeConfig{}),
		"ingester_limits":    facts.of(ingester.InstanceLimits{}),
		"distributor_limits": facts.of(distributor.InstanceLimits{}),
	}
	removed := map[string]string{}
	for _, name := range os.Args[2:] {
		text, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var before entry
		if err := json.Unmarshal(text, &before); err != nil {
			panic(err)
		}
		facts.gone(before.Entries, "mimir.Config", "", removed)
	}
	facts.print(os.Args[1], "mimir.Config", removed, nil)
}

type entry struct {
	Name    string  `json:"name"`
	Entries []entry `json:"blockEntries"`
}

// Adds what a structure had and has no more.
func (f *facts) gone(before []entry, structure, path string, removed map[string]string) {
	for _, setting := range before {
		kind, known := f.structures[structure][setting.Name]
		switch {
		case !known && f.structures[structure]["*"] == "":
			removed[path+setting.Name] = ""
		case f.structures[kind] != nil:
			f.gone(setting.Entries, kind, path+setting.Name+".", removed)
		}
	}
}
