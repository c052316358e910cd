package app
import "context"
const askUsage, sourcesUsage, evalUsage, doctorUsage = "","","",""
func ask(context.Context, *env, []string) error {return nil}
func sources(context.Context, *env, []string) error {return nil}
func evaluate(context.Context, *env, []string) error {return nil}
func doctor(context.Context, *env, []string) error {return nil}
