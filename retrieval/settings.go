package retrieval

// Settings weigh the parts of a ranking. A weight of zero switches its part off, which is how each
// part's worth is measured. Defaults are the values the program uses, for every collection alike.
//
// Articles: every part is divided by its greatest value for the question, then added with its weight.
// The lexical part, BM25 with pairs, weighs 1.
type Settings struct {
	K1, B      float64 // BM25: saturation of frequency, and how much of it length takes away
	Title      float64 // an occurrence in the title counts as this many
	Context    float64 // an occurrence in publisher, author, date or tags
	Pairs      float64 // two neighbours of the question next to each other, against BM25 of one word
	Window     float64 // … or within WindowSize words in any order
	WindowSize int

	Feedback      float64 // the question enlarged by words of the best articles (Rocchio)
	FeedbackDocs  int
	FeedbackTerms int
	FeedbackBeta  float64 // weight of all new words together, against the question's
	FeedbackSharp float64 // an article counts as (its score / the best one's) to this power

	Smooth     float64 // the scores of the articles most like it (score regularisation)
	SmoothDocs int     // among so many of the best
	SmoothNear int     // how many of these

	Latent         float64 // nearness to the question in a space learned from the library (LSA)
	LatentFeedback float64 // nearness to the best articles in it
	LatentDim      int     // dimensions of the space; takes effect when an index is made
	LatentDocs     int     // articles compared, the best so far
	LatentTop      int     // articles that make the place compared with; sharpened as feedback is

	Dense float64 // the nearest passage by the embedder

	Concept float64 // a name of several words as one term, beside its words
	Related float64 // synonyms and related terms, where the word they belong to is absent

	Frame float64 // share of its weight that a word keeps that only frames the question ("how many"); 1: all

	// Passages: their words weigh 1.
	PassageArticles  int     // articles whose passages are looked at
	PassageArticle   float64 // the article's score
	PassageB         float64 // BM25's B for passages
	PassageContext   float64 // occurrence that a word of the title, publisher or date is worth
	PassagePairs     float64 // neighbours of the question next to each other
	PassageWindow    float64 // … or within WindowSize words in any order
	PassageDense     float64
	PassageDiversity float64 // taken off for every better passage of the same article
	Time             float64 // date fits the question
}

// Defaults returns the settings of the program.
func Defaults() Settings {
	return Settings{
		K1: 1.2, B: 0.75, Title: 3, Context: 0.5,
		Pairs: 0.3, Window: 0.15, WindowSize: 8,
		Feedback: 1.5, FeedbackDocs: 3, FeedbackTerms: 20, FeedbackBeta: 0.5, FeedbackSharp: 10,
		Smooth: 0.5, SmoothDocs: 30, SmoothNear: 5,
		Latent: 0.3, LatentFeedback: 0.7, LatentDim: 96, LatentDocs: 300, LatentTop: 5,
		Dense:   0.1,
		Concept: 0.5, Related: 0.6, Frame: 0.3,
		PassageArticles: 50, PassageArticle: 0.5, PassageB: 0.4, PassageContext: 0.4, PassagePairs: 0.2, PassageWindow: 0.2,
		PassageDense: 0.2, PassageDiversity: 0.02, Time: 0.6,
	}
}
