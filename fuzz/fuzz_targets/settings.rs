//! See `telemetree_fuzz::settings`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| telemetree_fuzz::settings::one(bytes));
