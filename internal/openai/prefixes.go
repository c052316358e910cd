package openai

import (
	"regexp"
	"strings"
)

// traits are what is known of an embedding model by its name.
type traits struct {
	question, passage string // put before texts
	dim               int    // 0: to be asked
	tokens            int    // the longest text; 0: unknown
}

const (
	instructSearch  = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
	representSearch = "Represent this sentence for searching relevant passages: "
)

// families are tried in order; the first whose pattern the model's name has, in lower case, counts. The
// prefixes are those of the models' own cards: vectors made without them are noticeably worse.
var families = []struct {
	name string // a pattern
	traits
}{
	{`text-embedding-3-small`, traits{dim: 1536, tokens: 8191}},
	{`text-embedding-3-large`, traits{dim: 3072, tokens: 8191}},
	{`text-embedding-ada-002`, traits{dim: 1536, tokens: 8191}},
	{`e5-.*instruct|e5-mistral`, traits{question: instructSearch, tokens: 512}},
	{`(^|[/_-])(multilingual-)?e5[-_:]`, traits{question: "query: ", passage: "passage: ", tokens: 512}},
	{`nomic-embed`, traits{question: "search_query: ", passage: "search_document: ", tokens: 2048}},
	{`bge-m3`, traits{tokens: 8192}},
	{`bge-.*zh`, traits{question: "为这个句子生成表示以用于检索相关文章：", tokens: 512}},
	{`bge-(small|base|large)`, traits{question: representSearch, tokens: 512}},
	{`mxbai-embed`, traits{question: representSearch, tokens: 512}},
	{`arctic-embed2|arctic-embed-.*v2`, traits{question: "query: ", tokens: 8192}},
	{`arctic-embed`, traits{question: representSearch, tokens: 512}},
	{`embedding-?gemma`, traits{question: "task: search result | query: ", passage: "title: none | text: ", tokens: 2048}},
	{`qwen3-embedding|gte-qwen`, traits{question: instructSearch, tokens: 8192}},
	{`all-minilm`, traits{tokens: 256}},
	{`gte-(small|base|large)`, traits{tokens: 512}},
	{`granite-embedding`, traits{tokens: 512}},
}

// traitsOf is what is known of a model; the zero traits when nothing is.
func traitsOf(model string) traits {
	name := strings.ToLower(model)
	for _, f := range families {
		if regexp.MustCompile(f.name).MatchString(name) { // once, at start
			return f.traits
		}
	}
	return traits{}
}
