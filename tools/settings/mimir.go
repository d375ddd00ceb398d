//go:build mimir

package main

import (
	"flag"
	"os"

	"github.com/go-kit/log"
	"github.com/grafana/dskit/kv"
	"github.com/grafana/mimir/pkg/distributor"
	"github.com/grafana/mimir/pkg/ingester"
	"github.com/grafana/mimir/pkg/mimir"
	"github.com/grafana/mimir/pkg/util/validation"
)

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
	facts.print(os.Args[1], "mimir.Config", nil, nil)
}
