package retrieval

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/philippgille/chromem-go"
)

// The tests named C… and A4 hold the guard against the trap of that number: what chromem-go v0.7.0 does
// is written down in each.

// random returns n ids and unit vectors that are the same in every run.
func random(n, dim int) ([]string, [][]float32) {
	r := rand.New(rand.NewPCG(1, 2))
	ids, vecs := make([]string, n), make([][]float32, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("id%05d", i)
		vecs[i] = make([]float32, dim)
		for j := range vecs[i] {
			vecs[i][j] = float32(r.NormFloat64())
		}
		if err := normalize(vecs[i], vecs[i], dim); err != nil {
			panic(err)
		}
	}
	return ids, vecs
}

func filled(t testing.TB, n, dim int) (*Vectors, []string, [][]float32) {
	t.Helper()
	v := NewVectors("test", dim)
	ids, vecs := random(n, dim)
	if err := v.Put(t.Context(), ids, vecs); err != nil {
		t.Fatal(err)
	}
	return v, ids, vecs
}

// exact returns what Nearest should, from the vectors as given.
func exact(ids []string, vecs [][]float32, q []float32, k int) []Near {
	all := make([]Near, len(ids))
	for i := range ids {
		all[i] = Near{ids[i], dot(q, vecs[i])}
	}
	slices.SortFunc(all, compareNear)
	return all[:min(k, len(all))]
}

// sizes are set sizes on both sides of the switch from chromem-go's query to the filter.
var sizes = []int{exhaustive / 2, exhaustive * 2}

// C1: asking for more than there are is an error, asking an empty collection or for nothing as well.
func TestC1_CountIsClamped(t *testing.T) {
	ctx := t.Context()
	v := NewVectors("test", 8)
	q := []float32{1, 0, 0, 0, 0, 0, 0, 0}
	if got, err := v.Nearest(ctx, q, 5); err != nil || len(got) != 0 {
		t.Errorf("of none: %v, %v", got, err)
	}
	for _, n := range append([]int{1, 3}, sizes...) {
		v, ids, vecs := filled(t, n, 8)
		for _, k := range []int{-1, 0, 1, 2, 3, 17, n - 1, n, n + 1, math.MaxInt} {
			got, err := v.Nearest(ctx, q, k)
			if err != nil {
				t.Errorf("%d of %d: %v", k, n, err)
				continue
			}
			want := exact(ids, vecs, q, max(0, k))
			if len(got) != len(want) {
				t.Errorf("%d of %d: got %d, want %d", k, n, len(got), len(want))
			}
			if k >= n && !slices.Equal(got, want) {
				t.Errorf("%d of %d: all, but not in order", k, n)
			}
		}
	}
}

// C2: Delete with an empty map that is not nil takes everything. C3: with a filled one it ignores the ids.
func TestC2_C3_DeleteTakesOnlyItsIDs(t *testing.T) {
	for _, n := range sizes {
		v, ids, vecs := filled(t, n, 8)
		del := func(want int, ids ...string) {
			t.Helper()
			if err := v.Delete(t.Context(), ids); err != nil {
				t.Fatal(err)
			}
			if v.Len() != want || v.col.Count() != want {
				t.Fatalf("after deleting %d ids: %d vectors, %d in chromem-go, want %d", len(ids), v.Len(), v.col.Count(), want)
			}
		}
		del(n)
		del(n, "")
		del(n, "no such id", "id")
		del(n-1, ids[3])
		del(n-1, ids[3])
		del(n-3, ids[4], "no such id", ids[5], ids[4])
		if got, err := v.Nearest(t.Context(), vecs[4], n); err != nil || len(got) != n-3 ||
			slices.ContainsFunc(got, func(g Near) bool { return g.ID == ids[3] || g.ID == ids[4] || g.ID == ids[5] }) {
			t.Errorf("deleted ids found: %v", err)
		}
		if err := v.Put(t.Context(), ids[3:5], vecs[3:5]); err != nil {
			t.Fatal(err)
		}
		if got, err := v.Nearest(t.Context(), vecs[4], 1); err != nil || got[0].ID != ids[4] {
			t.Errorf("not found after it came back: %v, %v", got, err)
		}
		del(0, ids...)
		if got, err := v.Nearest(t.Context(), vecs[4], 1); err != nil || len(got) != 0 {
			t.Errorf("found in an emptied set: %v, %v", got, err)
		}
	}
}

// C4: on disk chromem-go names documents by 32 bits of a hash and overwrites silently. In memory both stay.
func TestC4_CollidingIDsAreKept(t *testing.T) {
	seen := map[[4]byte]string{}
	for i := 0; ; i++ {
		id := fmt.Sprintf("article-%d#0-100", i)
		sum := sha256.Sum256([]byte(id))
		key := [4]byte(sum[:4])
		other, ok := seen[key]
		if !ok {
			seen[key] = id
			continue
		}
		v := NewVectors("test", 2)
		if err := v.Put(t.Context(), []string{other, id}, [][]float32{{1, 0}, {0, 1}}); err != nil {
			t.Fatal(err)
		}
		got, err := v.Nearest(t.Context(), []float32{1, 0.5}, 2)
		if err != nil || len(got) != 2 || got[0].ID != other || got[1].ID != id {
			t.Errorf("got %v, %v", got, err)
		}
		return
	}
}

// C4 to C8, C14, C16 and C17 are kept out by never calling what has them: the persistent database, export
// and import (which can also kill the process, A4), lookups and queries that embed, negative queries,
// and batches. This reads our own source; nothing else in the module may use chromem-go at all.
func TestC4_C8_C14_C16_C17_OnlySafeCallsAreMade(t *testing.T) {
	allowed := map[string]bool{
		"chromem.NewDB": true, "chromem.Collection": true, "chromem.Document": true,
		".CreateCollection": true, ".AddDocument": true, ".Delete": true, ".QueryEmbedding": true,
	}
	dangerous := map[string]bool{}
	for _, name := range []string{
		"Add", "AddConcurrently", "AddDocuments", "GetByID", "Query", "QueryWithOptions", "GetCollection",
		"GetOrCreateCollection", "ListCollections", "DeleteCollection", "Reset", "Export", "ExportToFile",
		"ExportToWriter", "Import", "ImportFromFile", "ImportFromReader",
	} {
		dangerous["."+name] = true
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		imports := slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool {
			p, _ := strconv.Unquote(i.Path.Value)
			return strings.HasPrefix(p, "github.com/philippgille/chromem-go")
		})
		if !imports {
			return nil
		}
		if filepath.Base(path) != "chromem.go" {
			t.Errorf("%s imports chromem-go", path)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				sel, ok := call.Fun.(*ast.SelectorExpr)
				if ok && sel.Sel.Name == "CreateCollection" {
					if id, ok := call.Args[2].(*ast.Ident); !ok || id.Name == "nil" {
						t.Errorf("%s: CreateCollection without an embedding function of ours", path)
					}
				}
				// v.col.Delete(ctx, nil, nil, ids...)
				if inner, isSel := call.Fun.(*ast.SelectorExpr); ok && isSel && inner.Sel.Name == "Delete" {
					for _, arg := range call.Args[1:3] {
						if id, ok := arg.(*ast.Ident); !ok || id.Name != "nil" {
							t.Errorf("%s: Delete with a map", path)
						}
					}
				}
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "chromem" && !allowed["chromem."+sel.Sel.Name] {
				t.Errorf("%s uses chromem.%s", path, sel.Sel.Name)
			}
			if dangerous["."+sel.Sel.Name] && !allowed["."+sel.Sel.Name] {
				t.Errorf("%s calls %s", path, sel.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// C5 to C8: one bad file makes a persistent database unreadable. Ours writes none.
func TestC5_C8_NoFilesAreWritten(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, env := range []string{"HOME", "TMPDIR", "XDG_CACHE_HOME"} {
		t.Setenv(env, dir)
	}
	v, ids, _ := filled(t, 10, 8)
	if err := v.Delete(t.Context(), ids[:3]); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("files: %v, %v", entries, err)
	}
}

// C10: the order of equal scores is chance, and so is which of them are cut off.
func TestC10_TiesAreOrderedByID(t *testing.T) {
	for _, n := range sizes {
		v := NewVectors("test", 8)
		ids, vecs := random(n, 8)
		q := []float32{1, 2, 3, 4, 5, 6, 7, 8}
		for i := range n / 2 { // half are equal, and nearest
			vecs[2*i] = q
		}
		order := rand.New(rand.NewPCG(3, 4)).Perm(n)
		for _, i := range order {
			if err := v.Put(t.Context(), ids[i:i+1], vecs[i:i+1]); err != nil {
				t.Fatal(err)
			}
		}
		for _, k := range []int{1, 7, 20, n/2 + 3} {
			for range 5 {
				got, err := v.Nearest(t.Context(), q, k)
				if err != nil || len(got) != k {
					t.Fatalf("%d of %d: %d, %v", k, n, len(got), err)
				}
				for i := range min(k, n/2) {
					if got[i].ID != ids[2*i] {
						t.Fatalf("%d of %d: place %d is %s, want %s", k, n, i, got[i].ID, ids[2*i])
					}
				}
			}
		}
	}
}

// C11: chromem-go keeps the caller's slices and hands out its own.
func TestC11_NothingIsShared(t *testing.T) {
	ctx := t.Context()
	for _, n := range sizes {
		v, ids, vecs := filled(t, n, 8)
		want := slices.Clone(vecs[0])
		clear(vecs[0])
		got, ok := v.Vector(ids[0])
		if !ok || !slices.Equal(got, want) {
			t.Fatalf("vector is %v, want %v", got, want)
		}
		clear(got)
		for range 2 {
			near, err := v.Nearest(ctx, want, 3)
			if err != nil || near[0].ID != ids[0] || math.Abs(float64(near[0].Score)-1) > 1e-6 {
				t.Fatalf("nearest: %v, %v", near, err)
			}
			near[0] = Near{"changed", -1}
		}
		q := []float32{2, 0, 0, 0, 0, 0, 0, 0}
		if _, err := v.Nearest(ctx, q, 1); err != nil || q[0] != 2 {
			t.Errorf("the question was changed: %v, %v", q, err)
		}
	}
}

// C12: Delete reads the map without the lock; A4: Put is seen half done. Run with -race.
func TestC12_A4_ConcurrentUse(t *testing.T) {
	ctx := t.Context()
	v, ids, vecs := filled(t, exhaustive+64, 16) // deleting 128 crosses the switch both ways
	moving := ids[:128]
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := v.Len()
				if n != len(ids) && n != len(ids)-len(moving) {
					t.Errorf("half a change is seen: %d vectors", n)
					return
				}
				near, err := v.Nearest(ctx, vecs[500], 5)
				if err != nil || len(near) != 5 || near[0].ID != ids[500] {
					t.Errorf("nearest: %v, %v", near, err)
					return
				}
				if _, err := v.Scores(ctx, vecs[500], ids[:200]); err != nil {
					t.Error(err)
					return
				}
				if vec, ok := v.Vector(ids[1]); ok && !slices.Equal(vec, vecs[1]) {
					t.Error("a vector changed")
					return
				}
			}
		})
	}
	for range 20 {
		if err := v.Delete(ctx, moving); err != nil {
			t.Error(err)
		}
		if err := v.Put(ctx, moving, vecs[:128]); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

// C13: a batch stops at the first error and keeps what came before. C15 and A4: a zero vector becomes NaN
// and spoils results, one of another dimension makes every query fail; both are taken.
func TestC13_C15_A4_BadVectorsRefuseTheBatch(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	good := []float32{1, 2, 3}
	tests := []struct {
		name string
		ids  []string
		vecs [][]float32
		want string
	}{
		{"zero", []string{"a", "b", "c"}, [][]float32{good, {0, 0, 0}, good}, `"b"`},
		{"negative zero", []string{"a", "b"}, [][]float32{good, {0, float32(math.Copysign(0, -1)), 0}}, "zero"},
		{"NaN", []string{"a", "b"}, [][]float32{good, {1, nan, 1}}, "component 1 is NaN"},
		{"infinite", []string{"a", "b"}, [][]float32{good, {1, 1, inf}}, "component 2 is +Inf"},
		{"short", []string{"a", "b"}, [][]float32{good, {1, 1}}, "2 components, not 3"},
		{"long", []string{"a", "b"}, [][]float32{good, {1, 1, 1, 1}}, "4 components, not 3"},
		{"nil", []string{"a", "b"}, [][]float32{good, nil}, "0 components"},
		{"empty id", []string{"a", ""}, [][]float32{good, good}, "empty id"},
		{"twice", []string{"a", "b", "a"}, [][]float32{good, good, good}, "twice"},
		{"one vector short", []string{"a", "b"}, [][]float32{good}, "2 ids with 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := NewVectors("model-x", 3)
			if err := v.Put(t.Context(), []string{"old"}, [][]float32{{0, 0, 1}}); err != nil {
				t.Fatal(err)
			}
			err := v.Put(t.Context(), test.ids, test.vecs)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %s", err, test.want)
			}
			if v.Len() != 1 || v.col.Count() != 1 || v.Has("a") {
				t.Errorf("%d vectors, %d in chromem-go, want 1", v.Len(), v.col.Count())
			}
			if near, err := v.Nearest(t.Context(), good, 5); err != nil || len(near) != 1 || near[0].ID != "old" {
				t.Errorf("nearest afterwards: %v, %v", near, err)
			}
		})
	}

	v, ids, _ := filled(t, 10, 3)
	for _, q := range [][]float32{{0, 0, 0}, {nan, 1, 1}, {inf, 1, 1}, {1, 1}, nil} {
		if near, err := v.Nearest(t.Context(), q, 3); err == nil {
			t.Errorf("Nearest of %v gave %v", q, near)
		}
		if scores, err := v.Scores(t.Context(), q, ids); err == nil {
			t.Errorf("Scores of %v gave %v", q, scores)
		}
	}
}

// C15: lengths that single precision cannot square are fine.
func TestC15_LengthsAreNormalised(t *testing.T) {
	v := NewVectors("test", 3)
	err := v.Put(t.Context(), []string{"huge", "tiny", "least"}, [][]float32{
		{3e38, 3e38, 0}, {1e-30, 0, 1e-30}, {0, 0, math.SmallestNonzeroFloat32}})
	if err != nil {
		t.Fatal(err)
	}
	near, err := v.Nearest(t.Context(), []float32{2e38, 2e38, 0}, 3)
	if err != nil {
		t.Fatal(err)
	}
	want := []Near{{"huge", 1}, {"tiny", 0.5}, {"least", 0}}
	for i := range want {
		if near[i].ID != want[i].ID || math.Abs(float64(near[i].Score-want[i].Score)) > 1e-6 {
			t.Errorf("place %d: got %v, want %v", i, near[i], want[i])
		}
	}
	for _, id := range []string{"huge", "tiny", "least"} {
		vec, _ := v.Vector(id)
		if err := checkUnit(vec, 3); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		again := make([]float32, 3)
		if err := normalize(again, vec, 3); err != nil || !slices.Equal(again, vec) {
			t.Errorf("%s: stored and put again it is %v, was %v", id, again, vec)
		}
	}
}

// C16: without a function chromem-go takes OpenAI's and a key from the environment. Ours fails closed.
func TestC16_NoEmbedderIsInstalled(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "k")
	v, _, _ := filled(t, 3, 8)
	err := v.col.AddDocument(t.Context(), chromem.Document{ID: "x", Content: "text"})
	if err == nil || !strings.Contains(err.Error(), "may not embed") {
		t.Errorf("got %v", err)
	}
}

// C18: chromem-go scans everything; beyond a thousand vectors ours must not miss what the scan finds.
// Random vectors, all equally far from one another, are the hardest for a sketch.
func TestC18_FilterFindsWhatTheScanFinds(t *testing.T) {
	for _, dim := range []int{3, 100, 384, 768} {
		t.Run(fmt.Sprint(dim), func(t *testing.T) {
			const n, questions, k = 1500, 30, 10
			v, ids, vecs := filled(t, n, dim)
			_, qs := random(n+questions, dim)
			found := 0
			for _, q := range qs[n:] {
				got, err := v.Nearest(t.Context(), q, k)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.IsSortedFunc(got, compareNear) {
					t.Fatalf("not in order: %v", got)
				}
				for _, want := range exact(ids, vecs, q, k) {
					if slices.Contains(got, want) {
						found++
					}
				}
			}
			if recall := float64(found) / (questions * k); recall < 0.99 {
				t.Errorf("recall@%d is %.3f", k, recall)
			}
		})
	}
}

// C19: chromem-go cannot say what it holds; our own list must be the same as its map.
func TestC19_OurListIsChromems(t *testing.T) {
	ctx := t.Context()
	v, ids, vecs := filled(t, 600, 8)
	r := rand.New(rand.NewPCG(5, 6))
	have := map[string]bool{}
	for _, id := range ids {
		have[id] = true
	}
	for range 200 {
		from := r.IntN(len(ids) - 10)
		batch := ids[from : from+10]
		if r.IntN(2) == 0 {
			if err := v.Delete(ctx, batch); err != nil {
				t.Fatal(err)
			}
			for _, id := range batch {
				delete(have, id)
			}
		} else {
			if err := v.Put(ctx, batch, vecs[from:from+10]); err != nil {
				t.Fatal(err)
			}
			for _, id := range batch {
				have[id] = true
			}
		}
	}
	if v.Len() != len(have) || v.col.Count() != len(have) || len(v.ids) > len(ids) {
		t.Errorf("%d ids, %d in chromem-go, %d slots; want %d in at most %d", v.Len(), v.col.Count(), len(v.ids), len(have), len(ids))
	}
	for i, id := range ids {
		doc, err := v.col.GetByID(ctx, id)
		vec, ok := v.Vector(id)
		if ok != have[id] || (err == nil) != have[id] || v.Has(id) != have[id] {
			t.Fatalf("%s: here %t, in chromem-go %t, want %t", id, ok, err == nil, have[id])
		}
		if ok && (!slices.Equal(vec, vecs[i]) || !slices.Equal(doc.Embedding, vecs[i])) {
			t.Fatalf("%s: another vector", id)
		}
	}
}

// A4: a cancelled context gives no results and no error, and a batch that was not added.
func TestA4_CancelledContextIsAnError(t *testing.T) {
	for _, n := range sizes {
		v, ids, vecs := filled(t, n, 8)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if near, err := v.Nearest(ctx, vecs[0], 3); !errors.Is(err, context.Canceled) || near != nil {
			t.Errorf("Nearest: %v, %v", near, err)
		}
		if scores, err := v.Scores(ctx, vecs[0], ids); !errors.Is(err, context.Canceled) || scores != nil {
			t.Errorf("Scores: %v, %v", scores, err)
		}
		if err := v.Put(ctx, []string{"new"}, vecs[:1]); !errors.Is(err, context.Canceled) || v.Has("new") {
			t.Errorf("Put: %v", err)
		}
		if err := v.Delete(ctx, ids); !errors.Is(err, context.Canceled) || v.Len() != n {
			t.Errorf("Delete: %v, %d left", err, v.Len())
		}
	}
}

// A4: chromem-go's scan notices a context that ends midway by stopping: neither path may return what it
// had found until then.
func TestA4_ContextEndingMidwayIsAnError(t *testing.T) {
	for _, n := range sizes {
		v, _, vecs := filled(t, n, 8)
		for looks := range 4 {
			ctx := &endingContext{Context: t.Context(), left: looks}
			near, err := v.Nearest(ctx, vecs[0], 3)
			if err == nil && ctx.ended() {
				t.Errorf("n=%d: context ended after %d looks: %v", n, looks, near)
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("n=%d: %v", n, err)
			}
		}
	}
}

// endingContext is done once it was asked left times.
type endingContext struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *endingContext) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left < 0
}

func (c *endingContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		c.left = -1
		return context.Canceled
	}
	return nil
}

// The vectors compared are those that chromem-go holds, not copies: it keeps a slice of unit length.
func TestMemoryIsSharedWithChromem(t *testing.T) {
	v, ids, _ := filled(t, 100, 8)
	if err := v.Put(t.Context(), ids[:1], [][]float32{{0, 0, 0, 5, 0, 0, 0, 0}}); err != nil { // replaced
		t.Fatal(err)
	}
	res, err := v.col.QueryEmbedding(t.Context(), []float32{1, 0, 0, 0, 0, 0, 0, 0}, 100, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range res {
		if &r.Embedding[0] != &v.vector(v.slots[r.ID])[0] {
			t.Fatalf("chromem-go copied the vector of %s", r.ID)
		}
	}
}

func TestVectorsReplace(t *testing.T) {
	for _, n := range sizes {
		v, ids, vecs := filled(t, n, 8)
		if err := v.Put(t.Context(), []string{ids[7]}, [][]float32{vecs[9]}); err != nil {
			t.Fatal(err)
		}
		near, err := v.Nearest(t.Context(), vecs[9], 2)
		if err != nil || v.Len() != n || near[0].ID != ids[7] || near[1].ID != ids[9] || near[0].Score != near[1].Score {
			t.Errorf("got %v, %v, %d vectors", near, err, v.Len())
		}
	}
}

func TestVectorsScores(t *testing.T) {
	v, ids, vecs := filled(t, 50, 8)
	q := slices.Clone(vecs[3])
	for i := range q {
		q[i] *= 10
	}
	near, err := v.Nearest(t.Context(), q, len(ids))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range near {
		s, err := v.Scores(t.Context(), q, []string{"no such id", n.ID})
		if err != nil || s[0] != 0 || s[1] != n.Score {
			t.Errorf("%s: Scores %v, %v, Nearest %v", n.ID, s, err, n.Score)
		}
	}
	if s, err := v.Scores(t.Context(), q, nil); err != nil || len(s) != 0 {
		t.Errorf("no ids: %v, %v", s, err)
	}
}

// The order of insertion, and what was deleted before, leave no trace in results.
func TestVectorsForgetTheirHistory(t *testing.T) {
	const n = exhaustive * 3 / 2
	v, ids, vecs := filled(t, n, 32)
	w := NewVectors("test", 32)
	_, other := random(2*n, 32)
	for i := n - 1; i >= 0; i-- {
		if err := w.Put(t.Context(), []string{ids[i], "gone" + ids[i]}, [][]float32{other[n+i], other[i]}); err != nil {
			t.Fatal(err)
		}
		if err := w.Delete(t.Context(), []string{"gone" + ids[i], ids[(i+1)%n]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Put(t.Context(), ids, vecs); err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		a, errA := v.Nearest(t.Context(), other[n+i], 20)
		b, errB := w.Nearest(t.Context(), other[n+i], 20)
		if errA != nil || errB != nil || !slices.Equal(a, b) {
			t.Fatalf("question %d:\n%v %v\n%v %v", i, a, errA, b, errB)
		}
	}
}

func TestTop(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		n, k := r.IntN(40), 1+r.IntN(12)
		var all []Near
		best := newTop(k)
		for i := range n {
			x := Near{fmt.Sprint(i), float32(r.IntN(6))}
			all = append(all, x)
			best.add(x.ID, x.Score)
		}
		slices.SortFunc(all, compareNear)
		for i := range k {
			if n >= k && best.score(i+1) != all[i].Score {
				t.Fatalf("score %d of %v is %v", i+1, all, best.score(i+1))
			}
		}
		if got := best.sorted(); !slices.Equal(got, all[:min(k, n)]) {
			t.Fatalf("k=%d of %v: %v", k, all, got)
		}
	}
}
