/// The configuration of a run: one schema of keys, presets in YAML with inheritance, and the typed, merged
/// values.
package wengert.gan.config;
