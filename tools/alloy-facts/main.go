// Derives what Alloy's components accept from the sources of grafana/alloy: names, types, what is
// required, what is exported. It reads and type-checks their sources, and runs none of them.
//
// In a tree of grafana/alloy whose modules are downloaded:
//
//	CGO_ENABLED=0 go list -deps -json ./flowcmd > deps.json
//
// and here, with the version and the commit of that tree:
//
//	go run . v1.18.1 <commit> < deps.json > ../../schema/alloy/v1.18.1.json
//
// The output's form is described at `contract::alloy::facts` in the crate.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const root = "github.com/grafana/alloy/"

// listed is what `go list -json` says of a package.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
}

// program is all type-checked packages.
type program struct {
	files    *token.FileSet
	packages map[string]*types.Package
	syntax   map[string][]*ast.File
	info     *types.Info
}

// importer finds imports among the packages that are already checked.
type importer struct {
	program *program
	from    listed
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := i.from.ImportMap[path]; ok {
		path = mapped
	}
	if found, ok := i.program.packages[path]; ok {
		return found, nil
	}
	return nil, fmt.Errorf("%s is not listed", path)
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: alloy-facts <version> <commit> < deps.json")
	}
	program := load(bufio.NewReaderSize(os.Stdin, 1<<20))
	facts := newFacts(program)
	facts.components()
	facts.settings()
	facts.functions()
	facts.print(os.Stdout, os.Args[1], os.Args[2])
}

// load type-checks packages in the order of the list, in which imports come first. Bodies of functions matter only
// where components are registered.
func load(list io.Reader) *program {
	p := &program{
		files:    token.NewFileSet(),
		packages: map[string]*types.Package{},
		syntax:   map[string][]*ast.File{},
		info:     &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}},
	}
	decoder := json.NewDecoder(list)
	for {
		var next listed
		if err := decoder.Decode(&next); err == io.EOF {
			return p
		} else if err != nil {
			log.Fatal(err)
		}
		if next.ImportPath == "unsafe" {
			continue
		}
		ours := strings.HasPrefix(next.ImportPath, root)
		var syntax []*ast.File
		for _, name := range next.GoFiles {
			file, err := parser.ParseFile(p.files, filepath.Join(next.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				log.Fatal(err)
			}
			syntax = append(syntax, file)
		}
		config := types.Config{
			Importer:         importer{p, next},
			IgnoreFuncBodies: !ours,
			FakeImportC:      true,
			Error: func(err error) {
				if ours {
					log.Print(err)
				}
			},
		}
		info := p.info
		if !ours {
			info = nil
		}
		checked, _ := config.Check(next.ImportPath, p.files, syntax, info)
		p.packages[next.ImportPath] = checked
		if ours {
			p.syntax[next.ImportPath] = syntax
		}
	}
}

// literals calls see for every composite literal of the named type in a package under a prefix.
func (p *program) literals(under, named string, see func(*types.Package, map[string]ast.Expr)) {
	var paths []string
	for path := range p.syntax {
		if strings.HasPrefix(path, root+under) {
			paths = append(paths, path)
		}
	}
	sort.Strings(paths)
	for _, path := range paths {
		for _, file := range p.syntax[path] {
			ast.Inspect(file, func(node ast.Node) bool {
				literal, ok := node.(*ast.CompositeLit)
				if !ok || p.info.TypeOf(literal) == nil || p.info.TypeOf(literal).String() != root+named {
					return true
				}
				members := map[string]ast.Expr{}
				for _, element := range literal.Elts {
					if pair, ok := element.(*ast.KeyValueExpr); ok {
						if key, ok := pair.Key.(*ast.Ident); ok {
							members[key.Name] = pair.Value
						}
					}
				}
				see(p.packages[path], members)
				return true
			})
		}
	}
}

// text is the value of a constant expression.
func (p *program) text(expr ast.Expr) string {
	if expr == nil || p.info.Types[expr].Value == nil {
		return ""
	}
	if value := p.info.Types[expr].Value; value.Kind() == constant.String {
		return constant.StringVal(value)
	}
	return p.info.Types[expr].Value.ExactString()
}

// named is a type by its package's path and its name.
func (p *program) named(path, name string) types.Type {
	checked, ok := p.packages[root+path]
	if !ok {
		log.Fatalf("%s is not there", path)
	}
	object := checked.Scope().Lookup(name)
	if object == nil {
		log.Fatalf("%s.%s is not there", path, name)
	}
	return object.Type()
}
