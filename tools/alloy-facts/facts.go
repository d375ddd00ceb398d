package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/types"
	"io"
	"log"
	"reflect"
	"sort"
	"strings"
)

// component is one entry of the output.
type component struct {
	Stability string `json:"stability"`
	Arguments string `json:"arguments"`
	Exports   string `json:"exports,omitempty"`
}

// facts collects the output.
type facts struct {
	program *program
	all     map[string]component
	single  map[string]string
	calls   map[string][]int
	bodies  map[string][]string
	ids     map[string]string
	taken   map[string]bool
	opaque  map[string]types.Type
}

func newFacts(p *program) *facts {
	return &facts{
		program: p,
		all:     map[string]component{},
		single:  map[string]string{},
		calls:   map[string][]int{},
		bodies:  map[string][]string{},
		ids:     map[string]string{},
		taken:   map[string]bool{},
		opaque:  map[string]types.Type{},
	}
}

// components reads every component.Registration.
func (f *facts) components() {
	info := f.program.info
	f.program.literals("internal/component", "internal/component.Registration", func(_ *types.Package, members map[string]ast.Expr) {
		name := f.program.text(members["Name"])
		if name == "" {
			return
		}
		if members["Args"] == nil {
			log.Fatalf("%s has no arguments", name)
		}
		found := component{Stability: "community", Arguments: f.body(info.TypeOf(members["Args"]))}
		if stability := members["Stability"]; stability != nil {
			selector := stability.(*ast.SelectorExpr)
			found.Stability = map[string]string{
				"StabilityGenerallyAvailable": "generally-available",
				"StabilityPublicPreview":      "public-preview",
				"StabilityExperimental":       "experimental",
			}[selector.Sel.Name]
		}
		if exports := members["Exports"]; exports != nil && !info.Types[exports].IsNil() {
			found.Exports = f.body(info.TypeOf(exports))
		}
		f.all[name] = found
	})
}

// settings reads the blocks that configure Alloy itself.
func (f *facts) settings() {
	for name, place := range map[string][2]string{
		"logging":       {"internal/runtime/logging", "Options"},
		"tracing":       {"internal/runtime/tracing", "Options"},
		"argument":      {"internal/nodeconf/argument", "Arguments"},
		"export":        {"internal/nodeconf/export", "Arguments"},
		"foreach":       {"internal/nodeconf/foreach", "Arguments"},
		"import.file":   {"internal/nodeconf/importsource", "FileArguments"},
		"import.git":    {"internal/nodeconf/importsource", "GitArguments"},
		"import.http":   {"internal/nodeconf/importsource", "HTTPArguments"},
		"import.string": {"internal/nodeconf/importsource", "StringArguments"},
	} {
		f.single[name] = f.body(f.program.named(place[0], place[1]))
	}
	f.program.literals("internal/service", "internal/service.Definition", func(_ *types.Package, members map[string]ast.Expr) {
		name, config := f.program.text(members["Name"]), members["ConfigType"]
		if name != "" && config != nil && !f.program.info.Types[config].IsNil() {
			f.single[name] = f.body(f.program.info.TypeOf(config))
		}
	})
}

// functions reads the standard library: the fewest and the most arguments, -1 for any number; nothing for a value.
func (f *facts) functions() {
	const path = root + "syntax/internal/stdlib"
	values := map[string]ast.Expr{}
	for _, file := range f.program.syntax[path] {
		ast.Inspect(file, func(node ast.Node) bool {
			if spec, ok := node.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for at, name := range spec.Names {
					values[name.Name] = spec.Values[at]
				}
			}
			return true
		})
	}
	for _, list := range []string{"Identifiers", "DeprecatedIdentifiers"} {
		f.library("", values[list], values)
	}
}

func (f *facts) library(prefix string, expr ast.Expr, values map[string]ast.Expr) {
	literal, ok := expr.(*ast.CompositeLit)
	if !ok {
		log.Fatalf("%s is no literal", prefix)
	}
	for _, element := range literal.Elts {
		pair := element.(*ast.KeyValueExpr)
		name := prefix + f.program.text(pair.Key)
		signature, isFunction := f.program.info.TypeOf(pair.Value).Underlying().(*types.Signature)
		ident, isIdent := pair.Value.(*ast.Ident)
		_, isMap := f.program.info.TypeOf(pair.Value).Underlying().(*types.Map)
		switch {
		case isFunction && strings.HasSuffix(f.program.info.TypeOf(pair.Value).String(), "value.RawFunction"):
			f.calls[name] = []int{0, -1}
		case isFunction && signature.Variadic():
			f.calls[name] = []int{signature.Params().Len() - 1, -1}
		case isFunction:
			f.calls[name] = []int{signature.Params().Len(), signature.Params().Len()}
		case isMap && isIdent:
			f.library(name+".", values[ident.Name], values)
		default:
			f.calls[name] = []int{}
		}
	}
}

// print writes the facts, one line for each entry.
func (f *facts) print(out io.Writer, version, commit string) {
	fmt.Fprintf(out, "{\n\"source\": %s,\n", quote(map[string]string{"what": "grafana/alloy", "version": version, "commit": commit}))
	section(out, "components", f.all, ",")
	section(out, "settings", f.single, ",")
	section(out, "functions", f.calls, ",")
	section(out, "conversions", f.conversions(), ",")
	section(out, "bodies", f.bodies, "")
	fmt.Fprintln(out, "}")
}

func section[T any](out io.Writer, name string, entries map[string]T, end string) {
	var keys []string
	for key := range entries {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	fmt.Fprintf(out, "%q: {\n", name)
	for at, key := range keys {
		comma := ","
		if at == len(keys)-1 {
			comma = ""
		}
		fmt.Fprintf(out, "%q: %s%s\n", key, quote(entries[key]), comma)
	}
	fmt.Fprintf(out, "}%s\n", end)
}

func quote(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	return string(text)
}

// conversions says of each opaque type as which others it is accepted.
func (f *facts) conversions() map[string][]string {
	found := map[string][]string{}
	for from, source := range f.opaque {
		for into, target := range f.opaque {
			wanted, ok := target.Underlying().(*types.Interface)
			if from != into && ok && (types.Implements(source, wanted) || types.Implements(types.NewPointer(source), wanted)) {
				found[from] = append(found[from], into)
			}
		}
		sort.Strings(found[from])
	}
	return found
}

// body names the body that a block of this type has. Bodies with the same members share a name.
func (f *facts) body(of types.Type) string {
	of = pointee(of)
	if id, ok := f.ids[of.String()]; ok {
		return id
	}
	if _, ok := of.Underlying().(*types.Struct); !ok {
		if map_, ok := of.Underlying().(*types.Map); ok {
			return "map(" + f.value(map_.Elem()) + ")"
		}
		log.Fatalf("%s is no body", of)
	}
	id := f.name(of)
	f.ids[of.String()] = id
	f.bodies[id] = []string{}
	f.bodies[id] = f.members(of)
	return id
}

// name is short, and of one type only.
func (f *facts) name(of types.Type) string {
	name := "anonymous"
	if named, ok := types.Unalias(of).(*types.Named); ok {
		path := strings.TrimPrefix(named.Obj().Pkg().Path(), root)
		for _, prefix := range []string{"internal/component/", "internal/", "github.com/"} {
			path = strings.TrimPrefix(path, prefix)
		}
		name = strings.ReplaceAll(path, "/", ".") + "." + named.Obj().Name()
		name = strings.TrimSuffix(name, ".Arguments")
	}
	for base, number := name, 2; f.taken[name]; number++ {
		name = fmt.Sprintf("%s#%d", base, number)
	}
	f.taken[name] = true
	return name
}

// members are the tagged fields of a struct: `name type` for an argument, `name {body}` for a block; `!` after a name
// that is required, `*` after the name of a block that may be repeated, `label` for a block with a label.
func (f *facts) members(of types.Type) []string {
	fields := of.Underlying().(*types.Struct)
	members := []string{}
	for at := range fields.NumFields() {
		tag, ok := reflect.StructTag(fields.Tag(at)).Lookup("alloy")
		if !ok {
			continue
		}
		kind := fields.Field(at).Type()
		name, options, _ := strings.Cut(tag, ",")
		need := "!"
		if strings.HasSuffix(options, ",optional") {
			need = ""
		}
		switch options, _, _ := strings.Cut(options, ","); options {
		case "attr":
			members = append(members, name+need+" "+f.value(kind))
		case "label":
			members = append(members, "label")
		case "squash":
			members = append(members, f.members(pointee(kind))...)
		case "enum":
			for _, member := range f.members(pointee(pointee(kind).Underlying().(*types.Slice).Elem())) {
				variant, body, _ := strings.Cut(member, " ")
				members = append(members, name+"."+strings.TrimSuffix(variant, "!")+"* "+body)
			}
		case "block":
			members = append(members, name+need+f.block(kind))
		default:
			log.Fatalf("%s has an unknown tag %s", of, tag)
		}
	}
	sort.Strings(members)
	return members
}

func (f *facts) block(kind types.Type) string {
	kind = pointee(kind)
	switch under := kind.Underlying().(type) {
	case *types.Slice:
		return "* {" + f.body(under.Elem()) + "}"
	case *types.Array:
		log.Fatalf("%s is an array of blocks", kind)
	}
	return " {" + f.body(kind) + "}"
}

func pointee(of types.Type) types.Type {
	for {
		pointer, ok := of.Underlying().(*types.Pointer)
		if !ok {
			return of
		}
		of = pointer.Elem()
	}
}
