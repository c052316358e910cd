package retrieval

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"runtime"
	"slices"
	"unsafe"

	"policybot/corpus"
)

// Saved is what an Index once worked out about its articles: the terms of each, the latent space and the
// sketches of the vectors. It holds nothing that could not be worked out again, and takes about a tenth
// of the time to read. An Index that resumes with one analyses only the articles that are not in it, or
// have changed since.
type Saved struct {
	vocab    *vocabulary
	ids      []string // of articles, in order
	docs     []*doc   // without their articles
	first    []int    // by doc: number of its first chunk; one more at the end
	latent   *latent
	sketches []sketch // by chunk
}

// ErrStale says that what was saved is of another format, another program or damaged. It is of no use; the
// index does without.
var ErrStale = errors.New("what was saved of the index cannot be used")

const savedMagic = "policybot index 1\n"

// savedLimit bounds every count that is read, so that a damaged file cannot ask for all memory.
const savedLimit = 1 << 28

// Save writes what the index has worked out, for ReadSaved. tag names all that it depends on beside the
// articles: the program, its vocabulary and the embedder.
func (ix *Index) Save(w io.Writer, tag string) error {
	s := ix.snap.Load()
	out := &savedWriter{w: bufio.NewWriterSize(w, 1<<20), sum: crc32.New(crc32.MakeTable(crc32.Castagnoli))}
	out.bytes([]byte(savedMagic))
	out.text(tag)

	out.count(len(s.vocab.terms))
	for _, t := range s.vocab.terms {
		out.text(t)
	}
	out.count(len(s.vocab.surfaces))
	for _, f := range s.vocab.surfaces {
		out.text(f.fold)
		out.count(int(f.id))
	}

	chunks, terms := 0, 0
	for _, d := range s.docs {
		chunks += len(d.chunks)
		terms += len(d.terms)
	}
	out.count(len(s.docs))
	out.count(chunks)
	out.count(terms)
	for _, d := range s.docs {
		mixed := 0
		if d.mixed {
			mixed = 1
		}
		out.text(d.article.ID)
		out.text(d.digest)
		for _, n := range [...]int{len(d.terms), d.title, d.text, d.words, mixed, len(d.chunks)} {
			out.count(n)
		}
		for _, c := range d.chunks {
			for _, n := range [...]int{c.Start, c.End, int(c.lo), int(c.hi), int(c.words)} {
				out.count(n)
			}
		}
	}
	for _, d := range s.docs {
		out.numbers(d.terms)
	}
	for _, d := range s.docs {
		out.bytes(d.gaps)
	}
	for _, d := range s.docs {
		for _, c := range d.chunks {
			var sk sketch
			if s.vectors != nil {
				sk = s.vectors.sketchOf(c.vector)
			}
			for _, x := range sk {
				out.buf = binary.LittleEndian.AppendUint64(out.buf[:0], x)
				out.bytes(out.buf)
			}
		}
	}

	if l := s.latent; l == nil {
		out.count(0)
	} else {
		out.count(l.dim)
		out.count(len(l.idf))
		out.count(len(l.rows))
		rows := make([]uint32, len(l.rows))
		for i, r := range l.rows {
			rows[i] = uint32(r)
		}
		out.numbers(rows)
		out.floats([]float32{l.norm})
		out.floats(l.idf)
		out.floats(l.basis)
		out.floats(l.docs)
	}
	if out.err == nil {
		out.buf = binary.LittleEndian.AppendUint32(out.buf[:0], out.sum.Sum32())
		_, out.err = out.w.Write(out.buf)
	}
	if out.err == nil {
		out.err = out.w.Flush()
	}
	if out.err != nil {
		return fmt.Errorf("retrieval: save the index: %w", out.err)
	}
	return nil
}

// ReadSaved reads what Save wrote under the same tag; size is how much r holds. The error is ErrStale for
// anything else, and for a file that is not as it was written.
func ReadSaved(r io.Reader, size int64, tag string) (*Saved, error) {
	in := &savedReader{r: bufio.NewReaderSize(r, 1<<20), sum: crc32.New(crc32.MakeTable(crc32.Castagnoli)), left: size}
	s := in.saved(tag)
	if in.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStale, in.err)
	}
	return s, nil
}

func (in *savedReader) saved(tag string) *Saved {
	magic := make([]byte, len(savedMagic))
	in.bytes(magic)
	if in.err == nil && string(magic) != savedMagic {
		in.err = errors.New("another format")
	}
	if got := in.text(); in.err == nil && got != tag {
		in.err = errors.New("another program or vocabulary")
	}
	s := &Saved{vocab: &vocabulary{}}
	v := s.vocab
	n := in.things(2)
	v.terms = make([]string, 0, n)
	v.ids = make(map[string]uint32, n)
	for i := 0; i < n && in.err == nil; i++ {
		t := in.text()
		v.ids[t] = uint32(i)
		v.terms = append(v.terms, t)
	}
	n = in.things(2)
	v.surfaces = make([]surface, 0, n)
	for i := 0; i < n && in.err == nil; i++ {
		fold := in.text()
		v.surfaces = append(v.surfaces, surface{fold, uint32(in.below(len(v.terms))), letters(fold)})
	}

	docs, chunks, terms := in.things(24), in.things(5+sketchBits/8), in.things(4+1)
	if in.err != nil {
		return nil
	}
	all, allChunks := make([]doc, docs), make([]chunk, chunks)
	s.ids, s.docs, s.first = make([]string, docs), make([]*doc, docs), make([]int, docs+1)
	lens := make([]int, docs)
	at, sum := 0, 0
	for i := 0; i < docs && in.err == nil; i++ {
		d := &all[i]
		s.docs[i], s.first[i] = d, at
		s.ids[i], d.digest = in.text(), in.text()
		lens[i] = in.count()
		d.title, d.text, d.words = in.upTo(lens[i]), in.upTo(lens[i]), in.count()
		d.mixed = in.count() == 1
		n := in.upTo(chunks - at)
		if d.title > d.text || in.err != nil {
			in.fail()
			return nil
		}
		d.chunks = allChunks[at : at+n : at+n]
		for k := range d.chunks {
			c := &d.chunks[k]
			c.Start, c.End = in.count(), in.count()
			c.lo, c.hi, c.words = int32(in.upTo(lens[i])), int32(in.upTo(lens[i])), int32(in.count())
			if c.lo > c.hi {
				in.fail()
				return nil
			}
		}
		at += n
		sum += lens[i]
	}
	s.first[docs] = at
	if at != chunks || sum != terms {
		in.fail()
		return nil
	}
	numbers := in.numbers(terms)
	for _, t := range numbers {
		if int(t) >= len(v.terms) {
			in.fail()
			return nil
		}
	}
	gaps := make([]byte, terms)
	if in.bytes(gaps); in.err != nil {
		return nil
	}
	for i, d := range s.docs {
		n := lens[i]
		d.terms, numbers = numbers[:n:n], numbers[n:]
		d.gaps, gaps = gaps[:n:n], gaps[n:]
	}
	s.sketches = make([]sketch, chunks)
	if chunks > 0 {
		in.words(unsafe.Slice((*byte)(unsafe.Pointer(&s.sketches[0])), chunks*sketchBits/8), 8)
	}

	if dim := in.count(); dim > 0 && in.err == nil {
		l := &latent{dim: dim, places: make(map[*doc][]float32, docs)}
		used, rows := in.things(4), in.upTo(len(v.terms))
		l.rows = make([]int32, rows)
		for i, r := range in.numbers(rows) {
			l.rows[i] = int32(r)
			if l.rows[i] >= int32(used) || l.rows[i] < -1 {
				in.fail()
				return nil
			}
		}
		if norm := in.floats(1); in.err == nil {
			l.norm = norm[0]
		}
		l.idf = in.floats(used)
		if used > savedLimit/dim || docs > savedLimit/dim {
			in.fail()
			return nil
		}
		l.basis = in.floats(used * dim)
		l.docs = in.floats(docs * dim)
		if in.err != nil {
			return nil
		}
		for i, d := range s.docs {
			l.places[d] = l.docs[i*dim : i*dim+dim : i*dim+dim]
		}
		s.latent = l
	}
	in.check()
	return s
}

// take finds the entries that are saved as they are, and returns their docs, nil for the others, with the
// sketches of their chunks. It returns nothing when more than a quarter of what is saved is not wanted any
// more: its vocabulary would be mostly of articles that are gone.
func (s *Saved) take(put []Entry) (docs []*doc, sketches map[*doc][]sketch) {
	if s == nil {
		return nil, nil
	}
	docs = make([]*doc, len(put))
	nums := make([]int, len(put))
	workers := min(runtime.GOMAXPROCS(0), len(put)/256+1)
	parallel(workers, func(w int) {
		var buf []byte
		var digested string
		for i := w * len(put) / workers; i < (w+1)*len(put)/workers; i++ {
			e := put[i]
			n, ok := slices.BinarySearch(s.ids, e.Article.ID)
			if !ok {
				continue
			}
			d := s.docs[n]
			if digested, buf = digest(e.Article, buf); digested != d.digest || len(d.chunks) != len(e.Chunks) {
				continue
			}
			same := true
			for k, c := range e.Chunks {
				same = same && d.chunks[k].Span == c.Span
			}
			if !same {
				continue
			}
			d.article = e.Article
			for k, c := range e.Chunks {
				d.chunks[k].Chunk = c
				d.chunks[k].vector = vectorID(c, d.digest)
			}
			docs[i], nums[i] = d, n
		}
	})
	sketches = make(map[*doc][]sketch, len(put))
	for i, d := range docs {
		if d != nil {
			sketches[d] = s.sketches[s.first[nums[i]]:s.first[nums[i]+1]]
		}
	}
	if len(sketches) < len(s.docs)-len(s.docs)/4 {
		return nil, nil
	}
	if s.latent != nil {
		// The space is that of the articles it was learned from; those that are gone are not among docs.
		s.latent.sample = sampled(named(s.ids, s.docs))
	}
	return docs, sketches
}

// named gives docs whose articles are gone an article with nothing but its id.
func named(ids []string, docs []*doc) []*doc {
	for i, d := range docs {
		if d.article == nil {
			d.article = &corpus.Article{ID: ids[i]}
		}
	}
	return docs
}

// savedWriter writes numbers as uvarints and long runs of them as they lie in little-endian memory.
type savedWriter struct {
	w   *bufio.Writer
	sum hash.Hash32
	buf []byte
	err error
}

func (o *savedWriter) bytes(b []byte) {
	if o.err != nil || len(b) == 0 {
		return
	}
	o.sum.Write(b)
	_, o.err = o.w.Write(b)
}

func (o *savedWriter) count(n int) {
	o.buf = binary.AppendUvarint(o.buf[:0], uint64(n))
	o.bytes(o.buf)
}

func (o *savedWriter) text(s string) {
	o.count(len(s))
	o.bytes([]byte(s))
}

func (o *savedWriter) numbers(list []uint32) {
	o.buf = o.buf[:0]
	for _, n := range list {
		o.buf = binary.LittleEndian.AppendUint32(o.buf, n)
	}
	o.bytes(o.buf)
}

func (o *savedWriter) floats(list []float32) {
	o.buf = o.buf[:0]
	for _, x := range list {
		o.buf = binary.LittleEndian.AppendUint32(o.buf, math.Float32bits(x))
	}
	o.bytes(o.buf)
}

// savedReader reads what savedWriter wrote. After the first error everything read is zero.
type savedReader struct {
	r    *bufio.Reader
	sum  hash.Hash32
	one  [10]byte
	slab []byte // texts are cut from it
	left int64  // bytes there can be: a count cannot promise more
	err  error
}

func (in *savedReader) fail() {
	if in.err == nil {
		in.err = errors.New("damaged")
	}
}

func (in *savedReader) bytes(b []byte) {
	if in.err != nil || len(b) == 0 {
		return
	}
	if in.left -= int64(len(b)); in.left < 0 {
		in.fail()
		return
	}
	if _, in.err = io.ReadFull(in.r, b); in.err == nil {
		in.sum.Write(b)
	}
}

// count reads a number, which counts things that take a byte each at least, or offsets into texts.
func (in *savedReader) count() int {
	if in.err != nil {
		return 0
	}
	n := 0
	for {
		c, err := in.r.ReadByte()
		if err != nil {
			in.err = err
			return 0
		}
		in.one[n] = c
		n++
		if c < 0x80 {
			break
		}
		if n == len(in.one) {
			in.fail()
			return 0
		}
	}
	in.left -= int64(n)
	in.sum.Write(in.one[:n])
	x, _ := binary.Uvarint(in.one[:n])
	if x > savedLimit {
		in.fail()
		return 0
	}
	return int(x)
}

// things reads how many things of at least size bytes each follow.
func (in *savedReader) things(size int) int {
	n := in.count()
	if int64(n)*int64(size) > in.left {
		in.fail()
		return 0
	}
	return n
}

// below reads a number less than n, upTo one not greater.
func (in *savedReader) below(n int) int { return in.upTo(n - 1) }

func (in *savedReader) upTo(n int) int {
	x := in.count()
	if x > n {
		in.fail()
		return 0
	}
	return x
}

func (in *savedReader) text() string {
	n := in.count()
	if n == 0 || in.err != nil || int64(n) > in.left {
		if n > 0 {
			in.fail()
		}
		return ""
	}
	if n > len(in.slab) {
		in.slab = make([]byte, max(n, 1<<16))
	}
	b := in.slab[:n:n]
	in.slab = in.slab[n:]
	in.bytes(b)
	return unsafe.String(&b[0], n) // nobody writes there again
}

// words reads b and turns its words of size bytes into the machine's own order.
func (in *savedReader) words(b []byte, size int) {
	in.bytes(b)
	if probe := [2]byte{1, 0}; *(*uint16)(unsafe.Pointer(&probe)) == 1 {
		return // little-endian, as it was written
	}
	for i := 0; i+size <= len(b); i += size {
		slices.Reverse(b[i : i+size])
	}
}

func (in *savedReader) numbers(n int) []uint32 {
	if in.err != nil || n < 0 || int64(n) > in.left/4 {
		in.fail()
		return nil
	}
	list := make([]uint32, n)
	if n > 0 {
		in.words(unsafe.Slice((*byte)(unsafe.Pointer(&list[0])), 4*n), 4)
	}
	return list
}

func (in *savedReader) floats(n int) []float32 {
	list := in.numbers(n)
	if len(list) == 0 {
		return make([]float32, n*btoi(in.err == nil))
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&list[0])), len(list))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// check compares the checksum at the end.
func (in *savedReader) check() {
	var b [4]byte
	if in.err == nil {
		want := in.sum.Sum32()
		if _, in.err = io.ReadFull(in.r, b[:]); in.err == nil && binary.LittleEndian.Uint32(b[:]) != want {
			in.fail()
		}
	}
	if _, err := in.r.ReadByte(); in.err == nil && err != io.EOF {
		in.fail()
	}
}
