module telemetree/tools/alloy-facts

go 1.26
