package answer

// sentenceWeights rank sentences; see the features in score.go.
var sentenceWeights = [nFeatures]float64{
	fCover: 4, fExact: 1, fNames: 0.6, fNear: 1.4, fDoc: 0.6, fPairs: 1.2, fTight: 0.4, fWant: 0.8,
	fPassage: 1, fRank: 0.3, fShort: -1.2, fLong: -0.2, fNumbers: 0.8, fFresh: 0.6,
}

// decisionWeights decide whether the best sentence answers: at least zero is yes.
var decisionWeights = [nDecision]float64{
	dBias: -2.2, dCover: 2, dExact: 0.5, dAround: 1, dDoc: 0.5, dNames: 1.2, dNumbers: 0.8, dPairs: 0.5, dWant: 0.5, dUnknown: -1.5, dCommon: 1,
}
