package main

import (
	"go/types"
	"log"
	"reflect"
	"strings"
)

// value says which values a type accepts:
//
//	any bool duration function int number string uint
//	list(T) map(T) object(body)
//	text:Type    text that the type itself reads
//	custom:Type  any value that the type itself reads
//	opaque:Type  what only components and functions make
func (f *facts) value(of types.Type) string {
	of = pointee(of)
	name := typeName(of)
	switch {
	case name == "time.Duration":
		return "duration"
	case isAny(of):
		return "any"
	case has(of, "UnmarshalAlloy"):
		return "custom:" + name
	case has(of, "UnmarshalText"):
		return "text:" + name
	case has(of, "AlloyCapsule"):
		f.opaque[name] = of
		return "opaque:" + name
	}
	switch under := of.Underlying().(type) {
	case *types.Basic:
		return basic(of, under)
	case *types.Slice:
		if element, ok := under.Elem().(*types.Basic); ok && element.Kind() == types.Byte {
			return "string"
		}
		return "list(" + f.value(under.Elem()) + ")"
	case *types.Array:
		return "list(" + f.value(under.Elem()) + ")"
	case *types.Map:
		if key, ok := under.Key().Underlying().(*types.Basic); ok && key.Kind() == types.String {
			return "map(" + f.value(under.Elem()) + ")"
		}
	case *types.Signature:
		return "function"
	case *types.Struct:
		if tagged(under) {
			return "object(" + f.body(of) + ")"
		}
	}
	f.opaque[name] = of
	return "opaque:" + name
}

func basic(of types.Type, kind *types.Basic) string {
	switch {
	case kind.Info()&types.IsBoolean != 0:
		return "bool"
	case kind.Info()&types.IsString != 0:
		return "string"
	case kind.Info()&types.IsUnsigned != 0:
		return "uint"
	case kind.Info()&types.IsInteger != 0:
		return "int"
	case kind.Info()&types.IsFloat != 0:
		return "number"
	}
	log.Fatalf("%s is no value", of)
	return ""
}

// typeName is a type's name with that of its package.
func typeName(of types.Type) string {
	return types.TypeString(of, func(of *types.Package) string {
		parts := strings.Split(of.Path(), "/")
		return parts[len(parts)-1]
	})
}

func isAny(of types.Type) bool {
	under, ok := of.Underlying().(*types.Interface)
	return ok && under.Empty()
}

// has says whether a type, or a pointer to it, has a method.
func has(of types.Type, method string) bool {
	found, _, _ := types.LookupFieldOrMethod(of, true, nil, method)
	_, ok := found.(*types.Func)
	return ok
}

func tagged(of *types.Struct) bool {
	for at := range of.NumFields() {
		if _, ok := reflect.StructTag(of.Tag(at)).Lookup("alloy"); ok {
			return true
		}
	}
	return false
}
