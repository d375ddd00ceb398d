// Settings prints which settings an application's configuration has: names, types, allowed words and
// what is deprecated, as its own Go types and flags tell. It says nothing that is not a fact.
//
// It is built inside the source tree of the application, whose types it reflects on:
//
//	cp -r tools/settings <tree>/cmd/settings
//	cd <tree> && go run -mod=vendor -tags mimir ./cmd/settings "grafana/mimir 3.0.2, pkg/mimir.Config"
package main

import (
	"encoding"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// A setting's type is the name of a scalar or (with a dot) of a structure; `[]` and `{}` before it make lists
// and maps of it; `=` comes before the words that are allowed, with `|` between them. The setting `*` of a
// structure stands for any other name. The readers of structures are trusted to take what the types say.
type facts struct {
	kinds      map[string]string            // Go's type: what its reader takes
	flags      map[uintptr]*flag.Flag       // what is behind an address
	structures map[string]map[string]string // structure: setting: type
	deprecated map[string]bool              // structure.setting
	place      string                       // structure.setting that is looked at
	paths      map[string]string            // structure: Go's package, where two have a name in common
}

// What readers of their own take, by the end of the type's name.
var shared = map[string]string{
	"time.Duration":                            "duration",
	"net.IP":                                   "text",
	"dskit/flagext.Bytes":                      "bytes",
	"dskit/flagext.CIDRSliceCSV":               "cidrs",
	"dskit/flagext.LimitsMap[float64]":         "{}float",
	"dskit/flagext.LimitsMap[int]":             "{}int",
	"dskit/flagext.LimitsMap[string]":          "{}text",
	"dskit/flagext.Secret":                     "text",
	"dskit/flagext.StringSliceCSVMulti":        "words",
	"dskit/flagext.StringSliceCSV":             "text",
	"dskit/flagext.Time":                       "time",
	"dskit/flagext.URLValue":                   "url",
	"dskit/log.Level":                          "=debug|info|warn|error",
	"prometheus/common/config.Secret":          "text",
	"prometheus/common/config.TLSVersion":      "=TLS10|TLS11|TLS12|TLS13",
	"prometheus/common/config.URL":             "url",
	"prometheus/common/model.Duration":         "days",
	"prometheus/common/model.LabelName":        "text",
	"prometheus/common/model.ValidationScheme": "=legacy|utf8|",
	"model/relabel.Action":                     "=replace|keep|drop|keepequal|dropequal|hashmod|labelmap|labeldrop|labelkeep|lowercase|uppercase",
	"model/relabel.Regexp":                     "regex",
	"model/labels.Labels":                      "{}text",
	"providers/s3.BucketLookupType":            "=auto|virtual-hosted|path",
}

func walk(config any, kinds map[string]string, flags *flag.FlagSet) *facts {
	f := &facts{kinds: kinds, flags: map[uintptr]*flag.Flag{}, structures: map[string]map[string]string{},
		deprecated: map[string]bool{}, paths: map[string]string{}}
	flags.VisitAll(func(known *flag.Flag) {
		if value := reflect.ValueOf(known.Value); value.Kind() == reflect.Pointer {
			f.flags[value.Pointer()] = known
		}
	})
	f.kind(reflect.TypeOf(config).Elem(), reflect.ValueOf(config).Elem())
	return f
}

// The type of a setting that no Go type of theirs shows to others.
func (f *facts) of(example any) string {
	return f.kind(reflect.TypeOf(example), reflect.Value{})
}

func (f *facts) kind(t reflect.Type, v reflect.Value) string {
	full := t.String()
	if t.PkgPath() != "" {
		full = t.PkgPath() + "." + t.Name()
	}
	for _, kinds := range []map[string]string{f.kinds, shared} {
		for suffix, known := range kinds {
			if full == suffix || strings.HasSuffix(full, "/"+suffix) {
				return known
			}
		}
	}
	if t.Kind() == reflect.Pointer {
		if v.IsValid() && !v.IsNil() {
			return f.kind(t.Elem(), v.Elem())
		}
		return f.kind(t.Elem(), reflect.Value{})
	}
	if t.Kind() == reflect.Struct {
		return f.structure(t, v, full)
	}
	if _, reads := reflect.PointerTo(t).MethodByName("UnmarshalYAML"); reads || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		fmt.Fprintln(os.Stderr, "a reader of its own:", full)
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "[]" + f.kind(t.Elem(), reflect.Value{})
	case reflect.Map:
		return "{}" + f.kind(t.Elem(), reflect.Value{})
	case reflect.String:
		return "text"
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return t.Kind().String()
	case reflect.Float32, reflect.Float64:
		return "float"
	case reflect.Interface:
		return "any"
	}
	fmt.Fprintln(os.Stderr, "cannot be read:", full)
	return "none"
}

func (f *facts) structure(t reflect.Type, v reflect.Value, full string) string {
	name := regexp.MustCompile(`\[.*\]`).ReplaceAllString(t.String(), "")
	if t.Name() == "" {
		name = f.place
	}
	for f.paths[name] != "" && f.paths[name] != full {
		name += "'"
	}
	if _, known := f.structures[name]; !known {
		f.paths[name] = full
		f.structures[name] = map[string]string{}
	}
	f.fields(name, t, v)
	return name
}

func (f *facts) fields(name string, t reflect.Type, v reflect.Value) {
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		tag := strings.Split(field.Tag.Get("yaml"), ",")
		inline := len(tag) > 1 && tag[len(tag)-1] == "inline"
		if tag[0] == "-" || (!field.IsExported() && !inline) {
			continue
		}
		var value reflect.Value
		if v.IsValid() {
			value = v.Field(i)
		}
		if inline && field.Type.Kind() == reflect.Map {
			f.structures[name]["*"] = f.kind(field.Type.Elem(), reflect.Value{})
			continue
		}
		if inline {
			f.fields(name, field.Type, value)
			continue
		}
		setting := tag[0]
		if setting == "" {
			setting = strings.ToLower(field.Name)
		}
		f.setting(name, setting, field, value)
	}
}

func (f *facts) setting(name, setting string, field reflect.StructField, value reflect.Value) {
	place := name + "." + setting
	f.place = place
	if _, known := f.structures[name][setting]; !known {
		f.structures[name][setting] = "none" // a structure may hold itself
		f.structures[name][setting] = f.kind(field.Type, value)
	} else if value.IsValid() {
		f.kind(field.Type, value) // another place may have flags
	}
	help, usual := strings.TrimPrefix(field.Tag.Get("doc"), "description="), "-"
	if value.IsValid() && value.CanAddr() {
		if known := f.flags[value.Addr().Pointer()]; known != nil {
			help, usual = known.Usage, known.DefValue
		}
	}
	if _, known := f.deprecated[place]; !known {
		f.deprecated[place] = true
	}
	if field.Tag.Get("category") != "deprecated" && !strings.HasPrefix(strings.ToLower(help), "deprecated") {
		f.deprecated[place] = false
	}
	if words := allowed(help); words != nil && field.Type.Kind() == reflect.String {
		if usual == "" {
			words = append(words, "")
		}
		f.structures[name][setting] = union(f.structures[name][setting], words)
	}
}

// What one place allows and what others do.
func union(known string, words []string) string {
	if strings.HasPrefix(known, "=") {
		words = append(words, strings.Split(known[1:], "|")...)
	} else if known != "text" {
		return known
	}
	sort.Strings(words)
	return "=" + strings.Join(slices.Compact(words), "|")
}

var (
	announced = regexp.MustCompile(`(?i)(?:(?:supported|supports|allowed|valid|accepted|possible)(?: [a-z]+){0,4}? ?(?:values|backends|strategies|options|modes|formats|levels|types)?(?: [a-z]+){0,3}|one of|options are|either)(?: are| is)?: ?\[?([^.\]()]+)`)
	word      = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)
)

// What a help text announces as all that is allowed.
func allowed(help string) []string {
	found := announced.FindStringSubmatch(help)
	if found == nil {
		return nil
	}
	var words []string
	for _, part := range regexp.MustCompile(`,| or | and |\|| `).Split(found[1], -1) {
		part = strings.Trim(part, " '\"`")
		if part == "" || part == "or" || part == "and" {
			continue
		}
		if !word.MatchString(part) {
			return nil
		}
		words = append(words, part)
	}
	sort.Strings(words)
	return words
}

// Removed and replaced settings are paths with dots, and what came in their place.
func (f *facts) print(source, root string, removed, replaced map[string]string) {
	fmt.Printf("{\"source\":%s,\n\"root\":%s,\n", text(source), text(root))
	fmt.Print("\"structures\":{\n", lines(f.structures), "},\n")
	fmt.Print("\"deprecated\":[\n", strings.Join(names(f.deprecated), ",\n"), "],\n")
	fmt.Print("\"replaced\":{\n", lines(replaced), "},\n")
	fmt.Print("\"removed\":{\n", lines(removed), "}}\n")
}

func lines[V any](of map[string]V) string {
	var all []string
	for key, value := range of {
		all = append(all, text(key)+":"+text(value))
	}
	sort.Strings(all)
	return strings.Join(all, ",\n")
}

func names(of map[string]bool) []string {
	var all []string
	for name, holds := range of {
		if holds {
			all = append(all, text(name))
		}
	}
	sort.Strings(all)
	return all
}

func text(value any) string {
	printed, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(printed)
}
