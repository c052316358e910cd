package answer

import (
	"slices"
	"strings"

	"policybot/lang"
)

// label is what tells one of a kind from the others by a number: Title 42, artículo 3, HR 1603, H-2A. Such
// numbers measure nothing. Another number is another thing, however much else is said alike of the two.
type label struct {
	kind, id   string
	start, end int
	// strict labels belong to a kind of thing that always goes by number, so that what does not give the
	// number is of another thing. After other words a number may be a label or not.
	strict bool
}

// numbered are the kinds of things that go by number, by the folded words for them. Of the strict ones the
// words mean nothing else before a number, as "orders 500 tents" does.
var numbered = func() map[string]label {
	m := map[string]label{}
	for i, group := range []string{
		"title titles titulo titulos", "article articles art arts articulo articulos", "section sections sec seccion secciones",
		"chapter chapters capitulo capitulos", "paragraph paragraphs parrafo parrafos", "clause clauses clausula clausulas",
		"proposition propositions prop", "annex annexes anexo anexos", "appendix apendice",
		"", // not strict from here
		"rule rules regla reglas", "resolution resolutions resolucion resoluciones", "order orders orden ordenes", "bill bills",
		"law laws ley leyes", "decree decrees decreto decretos", "directive directives directiva directivas", "protocol protocols protocolo protocolos",
		"form forms formulario formularios", "docket dockets expediente expedientes", "route routes ruta rutas",
		"highway highways carretera carreteras", "interstate", "flight flights vuelo vuelos", "district districts distrito distritos",
		"precinct precincts", "zone zones zona zonas", "phase phases fase fases", "schedule",
	} {
		names := strings.Fields(group)
		for _, n := range names {
			m[n] = label{kind: names[0], strict: i < strictKinds}
		}
	}
	return m
}()

// strictKinds is how many of the groups of numbered are strict.
const strictKinds = 9

// maxRange bounds how many labels "articles 3 to 7" stands for.
const maxRange = 50

// labels returns the labels of a text in order.
func labels(text string, toks []lang.Token) []label {
	var out []label
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if kind, id, ok := code(t); ok {
			out = append(out, label{kind, id, t.Start, t.End, false})
			continue
		}
		if !t.Digit || i == 0 {
			continue
		}
		k := i - 1
		switch toks[k].Fold {
		case "no", "nos", "num", "number", "numero", "n":
			k--
		}
		if k < 0 || !beside(text, toks[k], toks[k+1]) || !beside(text, toks[i-1], t) || strings.HasPrefix(text[t.End:], "%") {
			continue
		}
		w := toks[k]
		kind, strict := numbered[w.Fold].kind, numbered[w.Fold].strict
		if kind == "" {
			year := len(t.Fold) == 4 && (t.Fold[:2] == "19" || t.Fold[:2] == "20")
			if !w.Upper || year || k == 0 && !w.Caps || lang.Month(w.Fold) > 0 || lang.Weekday(w.Fold) >= 0 || lang.Stop(w.Fold, lang.English) || lang.Stop(w.Fold, lang.Spanish) {
				continue
			}
			kind = w.Fold
		}
		out = append(out, label{kind, t.Fold, w.Start, t.End, strict})
		for i+1 < len(toks) && strict { // "articles 3, 4 and 7", "artículos 3 a 7"
			next := i + 1
			joined := strings.Trim(text[toks[i].End:toks[next].Start], " \u00a0,–-")
			if joined != "" {
				break
			}
			through := strings.ContainsAny(text[toks[i].End:toks[next].Start], "–-")
			switch toks[next].Fold {
			case "to", "through", "a", "al":
				through = true
				fallthrough
			case "and", "or", "y", "e", "o", "u":
				if next++; next == len(toks) || strings.Trim(text[toks[next-1].End:toks[next].Start], " \u00a0") != "" {
					next = len(toks)
				}
			}
			if next == len(toks) || !toks[next].Digit {
				break
			}
			if through {
				out = append(out, leftOut(out[len(out)-1], toks[next])...)
			}
			out = append(out, label{kind, toks[next].Fold, toks[next].Start, toks[next].End, strict})
			i = next
		}
	}
	return out
}

// leftOut returns the labels after one and before that of a token, which a range leaves out.
func leftOut(from label, to lang.Token) []label {
	lo, hi := small(from.id), small(to.Fold)
	if lo < 0 || hi < 0 || hi-lo > maxRange {
		return nil
	}
	var out []label
	for n := lo + 1; n < hi; n++ {
		out = append(out, label{from.kind, itoa(n), to.Start, to.End, from.strict})
	}
	return out
}

// small returns the whole number that s is if it has six digits at most, else -1.
func small(s string) int {
	if len(s) == 0 || len(s) > 6 {
		return -1
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// beside reports whether nothing stands between two words but what "Art. 3", "No. 3" or "HR-1603" have there. A
// point after a longer word ends a sentence.
func beside(text string, a, b lang.Token) bool {
	gap := text[a.End:b.Start]
	return len(gap) <= 4 && strings.Trim(gap, " \u00a0.-º#") == "" && (len(a.Fold) <= 4 || !strings.Contains(gap, "."))
}

// code reports whether a token is letters and a number in one, and which: "H-2A" is number 2a of h.
func code(t lang.Token) (kind, id string, ok bool) {
	if t.Digit || len(t.Fold) > 9 {
		return "", "", false
	}
	i := strings.IndexAny(t.Fold, "0123456789")
	if i < 1 || i > 4 {
		return "", "", false
	}
	return t.Fold[:i], t.Fold[i:], true
}

// labelled returns the candidates that speak of what the question gives by number, or all when none does or
// the question names nothing so. A question that sets things side by side is left alone.
func labelled(p plan, q query, cands []candidate) []candidate {
	if len(p.labels) == 0 || p.compare || p.versions || len(p.parts()) > 1 {
		return cands
	}
	var out []candidate
	for i := range cands {
		cands[i].mislabelled = !bears(p, q, &cands[i])
		if !cands[i].mislabelled {
			out = append(out, cands[i])
		}
	}
	if len(out) == 0 {
		return cands
	}
	return out
}

// bears reports whether a candidate speaks of all that the question gives by number. The nearest text that
// gives a number of the kind decides: the sentence itself, what stands around it, the title and the lead.
func bears(p plan, q query, c *candidate) bool {
	a := c.article
	own := labels(c.text, c.facts.toks)
	var near, lead []label
	read := false
	for _, want := range p.labels {
		given, same := gives(own, want)
		if !given {
			if goesBy(q, want, c.match) {
				continue
			}
			if !read {
				read = true
				around := a.Text[whole(a.Text, max(c.span.Start-window, 0)):whole(a.Text, c.span.End+window)]
				near = labels(around, lang.Tokens(around))
				head := a.Title + ". " + a.Text[:whole(a.Text, leadBytes)]
				lead = labels(head, lang.Tokens(head))
			}
			given, same = gives(near, want)
		}
		if !given {
			given, same = gives(lead, want)
		}
		if given && !same || !given && want.strict && !goesBy(q, want, c.near, c.doc, c.topic) {
			return false
		}
	}
	return true
}

// gives reports whether labels give a number of the kind wanted, and whether it is the one wanted.
func gives(have []label, want label) (given, same bool) {
	for _, l := range have {
		if l.kind == want.kind {
			given = true
			same = same || l.id == want.id
		}
	}
	return given, same
}

// goesBy reports whether one of the matches holds another name for what a label of the question names: that of
// the lexicon's concept which the label names too.
func goesBy(q query, l label, matches ...[]float64) bool {
	for i, w := range q.words[:q.own] {
		if w.Start > l.start || w.End < l.end {
			continue
		}
		for _, m := range matches {
			if m[i] >= 0.5 {
				return true
			}
		}
	}
	return false
}

// inLabel reports whether a number of the question is part of a label, and so no figure that a source could give
// otherwise.
func (p plan) inLabel(n lang.Number) bool {
	return slices.ContainsFunc(p.labels, func(l label) bool { return l.start <= n.Start && n.End <= l.end })
}
