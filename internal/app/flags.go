package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// errHelp is returned when the command line asks for help.
var errHelp = flag.ErrHelp

// flags returns a flag set for a subcommand that has the flags common to all.
func (e *env) flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	fs.StringVar(&e.configFile, "config", "", "")
	fs.StringVar(&e.dataDir, "data", "", "")
	return fs
}

// parse reads the command line, flags before, between and after the other arguments, which it returns,
// and loads the settings. After "--" nothing is a flag.
func (e *env) parse(fs *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, errHelp
			}
			return nil, &usageError{err.Error(), fmt.Sprintf("policybot %s -h lists the options; put -- before an argument that begins with a dash", fs.Name())}
		}
		n := fs.NArg()
		if read := args[:len(args)-n]; n == 0 || len(read) > 0 && read[len(read)-1] == "--" {
			rest = append(rest, fs.Args()...)
			break
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
	return rest, e.loadConfig()
}

// list is a flag that may be repeated.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	if s == "" {
		return errors.New("empty")
	}
	*l = append(*l, s)
	return nil
}
