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
	name *regexp.Regexp
	traits
}{
	{regexp.MustCompile(`text-embedding-3-small`), traits{dim: 1536, tokens: 8191}},
	{regexp.MustCompile(`text-embedding-3-large`), traits{dim: 3072, tokens: 8191}},
	{regexp.MustCompile(`text-embedding-ada-002`), traits{dim: 1536, tokens: 8191}},
	{regexp.MustCompile(`e5-.*instruct|e5-mistral`), traits{question: instructSearch, tokens: 512}},
	{regexp.MustCompile(`(^|[/_-])(multilingual-)?e5[-_:]`), traits{question: "query: ", passage: "passage: ", tokens: 512}},
	{regexp.MustCompile(`nomic-embed`), traits{question: "search_query: ", passage: "search_document: ", tokens: 2048}},
	{regexp.MustCompile(`bge-m3`), traits{tokens: 8192}},
	{regexp.MustCompile(`bge-.*zh`), traits{question: "为这个句子生成表示以用于检索相关文章：", tokens: 512}},
	{regexp.MustCompile(`bge-(small|base|large)`), traits{question: representSearch, tokens: 512}},
	{regexp.MustCompile(`mxbai-embed`), traits{question: representSearch, tokens: 512}},
	{regexp.MustCompile(`arctic-embed2|arctic-embed-.*v2`), traits{question: "query: ", tokens: 8192}},
	{regexp.MustCompile(`arctic-embed`), traits{question: representSearch, tokens: 512}},
	{regexp.MustCompile(`embedding-?gemma`), traits{question: "task: search result | query: ", passage: "title: none | text: ", tokens: 2048}},
	{regexp.MustCompile(`qwen3-embedding|gte-qwen`), traits{question: instructSearch, tokens: 8192}},
	{regexp.MustCompile(`all-minilm`), traits{tokens: 256}},
	{regexp.MustCompile(`gte-(small|base|large)`), traits{tokens: 512}},
	{regexp.MustCompile(`granite-embedding`), traits{tokens: 512}},
}

// traitsOf is what is known of a model; the zero traits when nothing is.
func traitsOf(model string) traits {
	name := strings.ToLower(model)
	for _, f := range families {
		if f.name.MatchString(name) {
			return f.traits
		}
	}
	return traits{}
}
