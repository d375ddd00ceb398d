//! See `telemetree_fuzz::alloy`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| telemetree_fuzz::alloy::one(bytes));
