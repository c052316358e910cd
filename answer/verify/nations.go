package verify

import (
	"slices"
	"strings"

	"policybot/lang"
)

// rank is how large a place is: a country, a state of one, or unknown, which may be a town.
type rank int

const (
	rankTown rank = iota
	rankState
	rankCountry
	anyRank // of a place of any rank
	noRank  // of no place
)

// nations are countries that the lexicon need not know, each in one line with its people in both languages, folded.
// Words of two words are joined by a low line.
var nations = func() map[string]int {
	m := map[string]int{}
	for i, line := range strings.Split(`philippines philippine filipino filipinos filipina filipinas
albania albanian albanians albanes albaneses albanesa
algeria argelia algerian algerians argelino argelinos argelina argelinas
angola angolan angolans angoleno angolenos
armenia armenian armenians armenio armenios armenia
australia australian australians australiano australianos australiana australianas
austria austrian austrians austriaco austriacos austriaca
azerbaijan azerbaiyan azerbaijani azerbaijanis azerbaiyano azerbaiyanos
bangladesh bangladeshi bangladeshis bangladesi bangladesies
belarus bielorrusia belarusian belarusians bielorruso bielorrusos bielorrusa
belgium belgica belgian belgians belga belgas
bulgaria bulgarian bulgarians bulgaro bulgaros bulgara
cambodia camboya cambodian cambodians camboyano camboyanos camboyana
congo congolese congoleno congolenos congolena congolenas
croatia croacia croatian croatians croat croats croata croatas
cyprus chipre cypriot cypriots chipriota chipriotas
jamaica jamaican jamaicans jamaicano jamaicanos jamaicana jamaicanas jamaiquino jamaiquinos jamaiquina jamaiquinas
cameroon camerun cameroonian cameroonians camerunes cameruneses camerunesa camerunesas
haiti haitian haitians haitiano haitianos haitiana haitianas
afghanistan afganistan afghan afghans afgano afganos afgana afganas
czechia chequia czech czechs checo checos checa checas
denmark dinamarca danish danes dane danes danesa danesas
egypt egipto egyptian egyptians egipcio egipcios egipcia egipcias
eritrea eritrean eritreans eritreo eritreos eritrea
estonia estonian estonians estonio estonios
ethiopia etiopia ethiopian ethiopians etiope etiopes
finland finlandia finnish finn finns finlandes finlandeses finlandesa
france francia french frenchman frances franceses francesa francesas
georgia georgian georgians georgiano georgianos georgiana
germany alemania german germans aleman alemanes alemana alemanas
ghana ghanaian ghanaians ghanes ghaneses ghanesa
greece grecia greek greeks griego griegos griega griegas
guinea guinean guineans guineano guineanos guineana
guyana guyanese guyanes guyaneses
hungary hungria hungarian hungarians hungaro hungaros hungara hungaras
iceland islandia icelandic icelanders islandes islandeses islandesa
indonesia indonesian indonesians indonesio indonesios indonesia
iran iranian iranians irani iranies
iraq irak iraqi iraqis iraqui iraquies
ireland irlanda irish irlandes irlandeses irlandesa irlandesas
israel israeli israelis israelies
italy italia italian italians italiano italianos italiana italianas
japan japon japanese japones japoneses japonesa japonesas
jordan jordania jordanian jordanians jordano jordanos jordana
kazakhstan kazajistan kazakh kazakhs kazajo kazajos
kenya kenia kenyan kenyans keniano kenianos keniana keniata keniatas
korea corea korean koreans coreano coreanos coreana coreanas
kuwait kuwaiti kuwaitis kuwaities
kyrgyzstan kirguistan kyrgyz kirguis kirguises
laos laotian laotians laosiano laosianos
latvia letonia latvian latvians leton letones letona
lebanon libano lebanese libanes libaneses libanesa libanesas
liberia liberian liberians liberiano liberianos
libya libia libyan libyans libio libios
lithuania lituania lithuanian lithuanians lituano lituanos lituana
malaysia malasia malaysian malaysians malasio malasios malasia
mali malian malians maliense malienses
mauritania mauritanian mauritanians mauritano mauritanos mauritana
mongolia mongolian mongolians mongol mongoles
morocco marruecos moroccan moroccans marroqui marroquies
mozambique mozambican mozambicans mozambiqueno mozambiquenos
myanmar birmania burma burmese birmano birmanos birmana
nepal nepali nepalis nepalese nepales nepaleses
netherlands holland dutch holanda holandes holandeses holandesa holandesas neerlandes neerlandeses neerlandesa
nigeria nigerian nigerians nigeriano nigerianos nigeriana
norway noruega norwegian norwegians noruego noruegos noruega noruegas
pakistan pakistani pakistanis pakistanies
poland polonia polish pole poles polaco polacos polaca polacas
portugal portuguese portugues portugueses portuguesa
qatar catar qatari qataris catari
romania rumania romanian romanians rumano rumanos rumana rumanas
rwanda ruanda rwandan rwandans ruandes ruandeses
senegal senegalese senegales senegaleses senegalesa
serbia serbian serbians serb serbs serbio serbios serbia
singapore singapur singaporean singaporeans singapurense singapurenses
slovakia eslovaquia slovak slovaks eslovaco eslovacos
slovenia eslovenia slovenian slovenians esloveno eslovenos
somalia somali somalis somalies
sudan sudanese sudanes sudaneses
sweden suecia swedish swede swedes sueco suecos sueca suecas
switzerland suiza swiss suizo suizos suizas
syria siria syrian syrians sirio sirios siria sirias
taiwan taiwanese taiwanes taiwaneses
tanzania tanzanian tanzanians tanzano tanzanos
thailand tailandia thai thais tailandes tailandeses tailandesa
togo togolese togoles togoleses
tunisia tunez tunisian tunisians tunecino tunecinos tunecina
turkey turquia turkish turk turks turco turcos turca turcas
uganda ugandan ugandans ugandes ugandeses
uzbekistan uzbek uzbeks uzbeko uzbekos
vietnam vietnamese vietnamita vietnamitas
yemen yemeni yemenis yemenies
zambia zambian zambians zambiano
zimbabwe zimbabuense zimbabwean zimbabweans
britain uk u.k british briton britons britanico britanicos britanica britanicas
england inglaterra english englishman ingles ingleses inglesa inglesas
scotland escocia scottish scot scots escoces escoceses escocesa
wales gales welsh gales galeses`, "\n") {
		for _, w := range strings.Fields(line) {
			m[w] = i + 1
		}
	}
	return m
}()

// countries are those of the lexicon that are one.
var countries = lang.SetOf(`concept:united-states concept:mexico concept:honduras concept:el-salvador concept:guatemala concept:belize
	concept:nicaragua concept:costa-rica concept:panama concept:colombia concept:venezuela concept:ecuador concept:peru concept:bolivia
	concept:chile concept:argentina concept:uruguay concept:paraguay concept:brazil concept:cuba concept:haiti concept:dominican-republic
	concept:jamaica concept:canada concept:china concept:india concept:russia concept:ukraine concept:spain concept:afghanistan
	concept:cameroon`)

// regions are larger than any country.
var regions = lang.SetOf(`concept:central-america concept:northern-triangle concept:latin-america concept:caribbean concept:south-america
	concept:north-america concept:americas concept:africa concept:pacific concept:atlantic concept:gulf-of-mexico concept:us-mexico`)

// states are those of the United States and of Mexico, by their last word.
var states = lang.SetOf(`alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
	indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska
	nevada hampshire
	jersey ohio oklahoma oregon pennsylvania carolina dakota tennessee texas utah vermont virginia washington wisconsin wyoming
	aguascalientes campeche chiapas chihuahua coahuila colima durango guanajuato guerrero hidalgo jalisco michoacan morelos nayarit leon
	oaxaca puebla queretaro roo potosi sinaloa sonora tabasco tamaulipas tlaxcala veracruz yucatan zacatecas`)

// nationThere reports whether a name of the claim is a country, or its people, that the source has under another of
// these words: "Filipino" for "from the Philippines".
func (e *evidence) nationThere(m mention) bool {
	n := nations[e.claim.toks[m.last].Fold]
	if n == 0 {
		return false
	}
	return slices.ContainsFunc(e.source.toks, func(t lang.Token) bool {
		return nations[t.Fold] == n && (t.Upper || e.source.lang == lang.Spanish) // no "polish", no "turkey"
	})
}

// ranks reports whether a name may be that of a place of a rank.
func (s *statement) ranks(m mention, r rank) bool {
	last := s.toks[m.last].Fold
	nation := countries.Has(m.id) || nations[last] > 0 && !states.Has(last)
	switch {
	case regions.Has(m.id):
		return false
	case r == rankCountry:
		return nation
	case r == rankState:
		return !nation && (states.Has(last) || !strings.HasPrefix(m.id, conceptMark))
	}
	return !nation && !statesOnly.Has(last)
}

// statesOnly are states without a city of their name that would be called so.
var statesOnly = lang.SetOf(`arizona california florida texas sonora tamaulipas tabasco jalisco sinaloa michoacan coahuila nayarit alabama
	alaska arkansas colorado georgia illinois louisiana minnesota montana nebraska nevada oregon pennsylvania tennessee utah virginia`)
