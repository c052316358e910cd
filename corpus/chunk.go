package corpus

import "strings"

// The size of a chunk in words. Measured on news text this is two to five sentences: enough for the names
// a pronoun stands for, little enough that a passage is about one thing.
const (
	chunkEnough = 60  // a chunk of this many words ends with its paragraph
	chunkFull   = 120 // no sentence is added beyond this
	chunkRest   = 25  // a last piece smaller than this joins the chunk before it
)

// Chunks cuts an article into runs of whole sentences, in order: every sentence lies in exactly one
// chunk, and a chunk begins and ends with a sentence. Each dated statement is a chunk of its own. Other
// text is packed paragraph by paragraph up to 60 words or more, a long paragraph cut at 120 words; only
// a single sentence or statement makes a longer chunk.
func Chunks(a *Article) []Chunk {
	return chunks(a, Sentences(a.Text, a.Lang))
}

// chunks is Chunks with the sentences at hand.
func chunks(a *Article, sentences []Span) []Chunk {
	out := make([]Chunk, 0, len(sentences)/3+1)
	next := 0 // statement
	for len(sentences) > 0 {
		for next < len(a.Statements) && a.Statements[next].End <= sentences[0].Start {
			next++
		}
		n := len(sentences)
		if next < len(a.Statements) {
			st := a.Statements[next]
			n = 0
			if inside := sentences[0].Start >= st.Start; inside {
				for n < len(sentences) && sentences[n].Start < st.End {
					n++
				}
				out = append(out, Chunk{a, Span{sentences[0].Start, sentences[n-1].End}})
				sentences = sentences[n:]
				continue
			}
			for n < len(sentences) && sentences[n].Start < st.Start {
				n++
			}
		}
		out = pack(out, a, sentences[:n])
		sentences = sentences[n:]
	}
	return out
}

// pack appends chunks of undated sentences.
func pack(out []Chunk, a *Article, sentences []Span) []Chunk {
	first := len(out)
	words := 0   // of the open chunk
	var cur Span // the open chunk, when words > 0
	before := 0  // words of the chunk before
	flush := func() {
		if words == 0 {
			return
		}
		if words < chunkRest && len(out) > first && before+words <= chunkFull+chunkRest {
			out[len(out)-1].End = cur.End
			before += words
		} else {
			out = append(out, Chunk{a, cur})
			before = words
		}
		words = 0
	}
	for i, s := range sentences {
		n := wordCount(a.Text[s.Start:s.End])
		if words > 0 && words+n > chunkFull {
			flush()
		}
		if words == 0 {
			cur.Start = s.Start
		}
		cur.End = s.End
		words += n
		if words >= chunkEnough && i+1 < len(sentences) && newParagraph(a.Text, s.End, sentences[i+1].Start) {
			flush()
		}
	}
	flush()
	return out
}

func newParagraph(text string, from, to int) bool {
	return strings.IndexByte(text[from:to], '\n') >= 0
}

// wordCount counts the runs of s between spaces; it is at least 1.
func wordCount(s string) int {
	n := 1
	for i := range len(s) {
		if s[i] == ' ' || s[i] == '\n' {
			n++
		}
	}
	return n
}
