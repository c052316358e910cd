package lang

// Stop reports whether a folded word is a function word of the language: an article, pronoun,
// preposition, auxiliary or question word, which says nothing of what a text is about. Chat spellings
// ("wat", "xq") count.
func Stop(fold, language string) bool {
	if language == Spanish {
		return stopES.Has(fold)
	}
	return stopEN.Has(fold)
}

// Read-only after initialisation.
var stopEN, stopES = SetOf(`
	anybody anyone anything around everybody everyone everything little lot lots many nobody nothing somebody someone something
	a about above abt after again against all also although am among an and any are aren arent as at bc be
	because been before being below between both bout but by can cannot cant could couldnt cuz d did didnt do
	does doesnt doing don done dont down during each either else even ever every few for from further get gets
	getting got had hadnt has hasnt have havent having he hed her here heres hers herself hes him himself his
	how however hows i id if ill im in into is isnt it its itself ive just let lets ll m may me might more most
	much must mustnt my myself n neither no nor not now o of off on once one only onto or other others ought
	our ours ourselves out over own per please pls plz quite r rather re s same shall shant she shed shes
	should shouldnt since so some such t than that thats the their theirs them themselves then there therefore
	theres these they theyd theyll theyre theyve this tho those though through thus to together too toward
	towards u under until up upon ur us ve very was wasnt wat wats we wed well were weren werent weve what
	whatever whats when whens where wheres whether which while who whom whos whose why whys will with within
	without wont would wouldnt wut y yet you youd youll your youre yours yourself yourselves youve
`), SetOf(`
	alguien nadie se pudo pudieron pudiera haya hayan habra habran hubieron fuese fuesen sera seran tuvieron tuviera hizo hicieron vino algunos ello nosotras
	asi alla este ay uds ud ante tras q k x d xa aki
	a acerca adonde ahi al algo algun alguna algunas alguno algunos alla alli ambos ante antes aquel aquella
	aquellas aquello aquellos aqui asi aun aunque bajo bien cada casi como con contra cosa cual cuales
	cualquier cualquiera cuando cuanta cuantas cuanto cuantos cuya cuyas cuyo cuyos da dan de debe deben del
	demas desde donde durante e el ella ellas ello ellos en entonces entre era eran eras eres es esa esas ese
	eso esos esta estaba estaban estamos estan estar estas este esto estos estoy estuvo etc fue fuera fueran
	fueron fui ha haber habia habian hace hacen hacer hacia han has hasta hay he hemos hizo hubo iba iban
	incluso ir la las le les lo los luego mas me mediante mi mia mias mientras mio mios mis misma mismas mismo
	mismos mucha muchas mucho muchos muy nada ni ningun ninguna ninguno no nos nosotras nosotros nuestra
	nuestras nuestro nuestros o os otra otras otro otros para pero poca pocas poco pocos podia podian podria
	podrian por porque pq puede pueden puedo pues q que quien quienes sea sean segun ser sera seran seria
	serian si sido siempre siendo sin sino so sobre solo son soy su sus suya suyas suyo suyos tal tales tambien
	tampoco tan tanta tantas tanto tantos te tener tengo tenia tenian ti tiene tienen tmb toda todas todavia
	todo todos tras tu tus u un una unas uno unos usted ustedes va van varias varios vez vosotros vuestra
	vuestro xq y ya yo
`)
