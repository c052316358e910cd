package verify

import (
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"policybot/lang"
)

// cue is what a word says about the statement that it stands in, apart from what the statement is about.
type cue uint64

// The cues. A word may have several.
const (
	cueNot     cue = 1 << iota // says that what follows is not so: not, never, without, ningún
	cueDeny                    // a verb or adjective that says so of its object: denied, refused, failed, lacks
	cueMay                     // possible: may, could, would, likely
	cueWill                    // to come: will, expected, plan, intends
	cueWish                    // wanted: wants, hopes, seeks
	cueAsk                     // asked for: asked, urged, called for
	cueOffer                   // put forward: proposed, suggested, an idea
	cueVow                     // promised: promised, pledged, committed
	cueThreat                  // threatened, warned
	cueWeigh                   // under discussion: considers, studies, negotiates
	cueDone                    // settled: agreed, decided, approved, signed
	cueClaim                   // somebody's word for it, not known to be so: claimed, argued, estimated
	cueSay                     // somebody's word for it: said, told, reported
	cueAll                     // all, every, always, entirely
	cueNone                    // none, nobody
	cueMost                    // most, mainly, the majority
	cueSome                    // some, part of, several
	cueFew                     // few, hardly any
	cueOnly                    // only, solely
	cueFirst                   // first
	cueLast                    // last, final
	cueOrder                   // second, third …
	cueTop                     // the highest, a record
	cueLow                     // the lowest, the fewest
	cueOver                    // more than the number that follows, at least
	cueUnder                   // fewer than it, up to, at most, nearly
	cueAbout                   // about, roughly
	cueExact                   // exactly
	cueDouble                  // twice
	cueTriple                  // three times
	cueHalf                    // half
	cueThird                   // a third
	cueFourth                  // a quarter
	cueEven                    // says nothing of how many: "above all", "in all"
	cuePassive                 // a form of to be: the participle after it may be passive
)

const (
	unreal     = cueMay | cueWill | cueWish | cueAsk | cueOffer | cueVow | cueThreat | cueWeigh
	attributed = cueClaim | cueSay
	quantities = cueAll | cueNone | cueMost | cueSome | cueFew | cueOnly | cueFirst | cueLast | cueOrder | cueTop | cueLow |
		cueDouble | cueTriple | cueHalf | cueThird | cueFourth
	bounds = cueOver | cueUnder | cueAbout | cueExact
)

// cueWords lists the words of each cue, folded, in both languages; an underscore joins a phrase, a star
// stands for any ending.
var cueWords = []struct {
	cue   cue
	words string
}{
	{cueNot, `not no never nor neither without cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent
		hadnt nothing nobody none non before_any antes_de_que_ning* not_one not_a_single rather_than instead_of no_longer far_from yet_to
		ni nunca jamas sin tampoco nada nadie ningun ninguna ninguno en_lugar_de en_vez_de ya_no`},
	{cueNone, `none neither nobody ningun ninguna ninguno ningunos nadie not_one not_a_single`},
	{cueDeny, `deny denies denied denying denial contests contested contesting refut* rebut* contradict* disavow* disown*
		refus* reject* rebuff* declin*_to
		decline declined declines fail fails failed failing failure lack
		lacks lacked lacking unable avoid avoids avoided prevent* ban bans banned prohib* forbid* forbade forbidden stay_out
		stayed_out stop_short fell_short fall_short falls_short disput* oppos* away_from unclear unknown uncertain unspecified
		undisclosed unnamed absent absence impossible run_out_of ran_out_of running_out_of out_of_money out_of_funds out_of_cash free_of
		shut_out bars barring bar_from left_out leave_out leaves_out leaving_out keep_out kept_out keeping_out keeps_out outside rule_out
		ruled_out ruling_out turn_down turned_down turning_down throw_out threw_out thrown_out toss_out tossed_out exclud* exempt* spare spares spared sparing veto* barred dismissed
		nego niega niegan negaron negaba negar negado negando negativa rechaz* rehus* fracas* falt* carec* evit* impid* impedi* desmint*
		desmient* refut* rebat* contradij* contradic* desautoriz* incapaz imposible ausente ausencia quedo_sin quedado_sin quedaba_sin queda_sin quedaron_sin descart* exclu* eximi* exent*
		discrep* opon* opus* fuera_de fuera_del dejo_fuera dejara_fuera dejar_fuera dejaron_fuera dejando_fuera dejado_fuera dejaran_fuera deja_fuera`},
	{cueMay, `possibility posibilidad may might could can possible possibly potential* perhaps maybe
		probabl* likely unlikely apparently seem seems seemed supposedly still_had_to still_has_to
		eventual if unless whether podria* pudiera pudieran podra* puede* quiza* posibl*
		probable* tal_vez acaso parec* si seria* habria* tendria* daria* costaria*`},
	{cueWill, `must_still still_must still_need awaiting awaits await a_la_espera_de aun_debe* todavia_debe* falta_que remains_to_be remain_to_be would will shall wont plan plans planned planning intend* intention*
		intent aim aims aimed aiming expect* foresaw foresee* foresees due_to
		is_scheduled was_scheduled were_scheduled scheduled_for scheduled_to set_to going_to was_to
		were_to is_to are_to on_course on_track prepar* meant target targets targeted destined
		forthcoming upcoming projected projecting foretold forecasted proyectaba
		proyectaban proyecto_que ready_to about_to envisag* envision* slated forecast*
		plan planes a_punto_de planea* planeo plane* pretend* intencion* preve preven preveia programad*
		va_a van_a iba_a iban_a espera_que esperaba_que objetivo* meta metas dispuest* proxim*
		destinado_a destinada_a destinados_a destinadas_a quedaba_por encamin* se_dispone*
		look_ahead_to looks_ahead_to looked_ahead_to looking_ahead_to in_the_works in_the_offing proyecta proyectan se_espera se_esperaba se_esperan
		se_esperaban esperado esperada esperados esperadas previsto prevista previstos previstas pensado_para pensada_para pensados_para
		pensadas_para`},
	{cueWish, `attempt_to attempts_to attempted_to attempting_to try_to tries_to tried_to trying_to
		effort_to efforts_to bid_to intento_de intentos_de intenta intentan intento intentaron
		intentaba intentaban trato_de trataron_de trata_de tratan_de trataba_de trataban_de tratar_de tratando_de esfuerzo_por want wants wanted wanting wish wishes wished hope hopes hoped
		hoping seek seeks sought seeking desire* would_like keen open_to abierto_a abierta_a abiertos_a willing advocat* champion*
		favoured favored favours favors in_favour_of in_favor_of se_inclina_por se_inclino_por es_partidario_de es_partidaria_de push_for pushes_for pushed_for pushing_for campaigned
		quiere quieren queria querian querer quiso quisieron desea defiende defienden defendio defender
		defendia desean deseaba deseaban deseo deseos desearia anhel* aspir* busc* abog*`},
	{cueAsk, `ask asks asked asking request requests requested requesting urge urges urged urging
		call_for calls_for called_for calling_for call_on called_on calls_on demand demands
		demanded demanding press presses pressed pressing pleaded pleads applied_for applying_for exhort* insist* conditional condition lobb*
		should ought_to need_to needs_to important_that important_for important_to importance_of need_for
		importancia_de necesidad_de es_importante es_necesario hay_que
		pid* pedi* peticion peticiones solicit* insto insta instan instaron instar exig* reclam* urgi* urge* llam*_a exhort* demand* rog*`},
	{cueOffer, `propos* suggest* float floats floated floating idea ideas offer offers offered offering
		sketch* draft drafts recommend* advise advised advises advising advice outlin* put_forward
		puts_forward raised_the_possibility put_on_the_table puts_on_the_table on_the_table sobre_la_mesa
		propon* propus* propuest* sugir* suger* sugier* planteo plantea planteaba plantear* planteado
		planteando plantean planteara ofrec* ofert* recomend* aconsej* idea ideas esboz* borrador`},
	{cueVow, `promis* pledg* vow* commit commits committed committing commitment*
		gave_his_word gave_her_word gave_its_word undertook undertak* guarantee*
		prometi* promet* promes* compromet* compromis* jur*_que garantiz*`},
	{cueThreat, `threat* warn warns warned warning warnings amenaz* advert* advirt* adviert*`},
	{cueWeigh, `negotiating negotiates in_negotiations negocia negocian negociando negociaba negociaban letter_of_interest letter_of_intent
		subject_to pending under_review carta_de_interes carta_de_intencion sujeto_a sujeta_a pendiente considering under_consideration weighs
		weighing mull mulls mulled mulling discuss_whether discussed_whether discussing_whether discutieron_si discutio_si considers_whether considered_whether consider_whether is_studying are_studying was_studying
		were_studying studying_whether examining_whether debating_whether toying_with looking_at looking_into under_discussion explore explores exploring weighed weighing contemplat* estudiar estudiaba estudia estudian estudiaban estudiando
		evaluaba evaluaban evalua evaluan evaluando analiza analizan analizaba analizaban analizando sopes* baraja barajan barajaba barajaban
		contempla contemplan contemplaba contemplaban`},
	{cueDone, `voted_to votaron_por votaron_a_favor_de agree agrees agreed agreeing decid* approv* sign signs signed signing
		adopt* accept* finaliz* finalis* enact* conclud* ratif* confirm* grant
		grants granted granting ordered launch* implement* deliver* reached_a_deal struck_a_deal impos* introduc* achiev* complet* obtain*
		won secured secure secures consent* authoriz* authoris* endors* put_into_effect took_effect came_into_force issued
		acord* acuerd* decid* aprob* aprueb* firmar firmo firmaron firmado firmada firmados firmadas firman firmaba firmaran
		adopt* acept* conclu* ratific* confirm* conced* otorg* orden* lanz* implement* entreg* impon* impus* impuest*
		pacto pactaron pactado pactada pactados pactadas concert* logr* consigu* consigui*
		obtuv* obtien* autoriz* emit* expid* expidi* entro_en_vigor entra_en_vigor`},
	{cueClaim, `claim claims claimed claiming alleg* argu* estimat* calculat* reckon* valued
		believ* thinks thought judg* suppos* insist* contend* assert* maintain* maintained
		according_to credit credits credited attribut* accus* blam* boast* assur* opin* called_the
		segun sostenia sostenian calculaba calculaban calculo calculan calcula asegur* afirm* sostien*
		sostuv* alega* alego estim* cree creen creia* argument* opin* acus* atribu* juzg*
		presum* complain* grumbl* quej* lament* achac* imputa imputan imputo imputaron imputaba ascribe ascribes ascribed ascribing by_his_account by_her_account by_its_account
		by_their_account by_his_own_account by_her_own_account by_its_own_account by_their_own_account in_his_view in_her_view in_its_view
		in_their_view in_his_words in_her_words a_su_juicio a_su_entender a_su_parecer en_su_opinion a_juicio_de en_opinion_de en_palabras_de
		al_decir_de a_decir_de`},
	{cueSay, `say says said saying tell tells told telling stated stating announc*
		report reports reported reporting wrote write writes writing written
		acknowledg* reconoc* replied replies respond responds responded answered respondio respondieron contesto contestaron note notes noted
		noting add added adds remark* explain* explained declare declares declared declaring mention* mentioned recall* recalled repeat*
		repeated comment* counted finds stress* point_out pointed_out points_out describ* portray* spoke spoken
		speaks speak notif* warn warns warned warning calls_it call_it cited cites citing show shows showed
		dij* dice dicen dicho decir anunc* inform* report* escrib* agreg* anad* senal* declar* explic*
		mencion* recordo recuerda recuerdan repit* coment* conto cifro cifra_en valoro valora_en indic*
		describ* calific* hablo hablaba habla subray* apunt* avis* precis* calculat* calculo calculan calcula`},
	{cueAll, `all every everyone everybody each always entire entirely whole wholly
		everything everywhere both completely fully totally altogether
		todo toda todos todas cada siempre totalidad entero entera enteros enteras completamente totalmente ambos ambas plenamente por_completo`},
	{cueMost, `most mostly majority mainly chiefly largely predominantly primarily nearly_all almost_all nearly_every almost_every
		virtually_all virtually_every almost_the_entire casi_tod* practicamente_tod* almost_entirely for_the_most_part
		mayoria mayormente principalmente mayor_parte casi_todos casi_todas`},
	{cueSome, `some partly part partially several in_part certain parte algunos
		algunas algun alguna varios varias parcialmente en_parte ciertos ciertas`},
	{cueFew, `few a_few hardly_any small_number minority handful small pocos pocas unos_pocos unas_pocas minoria puñado pequeñ* peque*`},
	{cueOnly, `only solely just merely exclusively alone purely barely scarcely nothing_but solo
		solamente unicamente exclusivamente unico unica unicos unicas apenas`},
	{cueFirst, `first firsts initial initially original originally primer primero primera primeros primeras inicial inicialmente`},
	{cueLast, `last latest ultimo ultima ultimos ultimas`},
	{cueOrder, `second third fourth fifth sixth seventh eighth ninth tenth segundo segunda
		tercer tercero tercera cuarto quinto sexto septimo octavo noveno decimo`},
	{cueTop, `record records highest largest biggest greatest most_numerous maximum peak busiest all_time record_breaking unprecedented sin_precedente* never_before most_common
		more_than_in_any more_than_any mas_que_en_ningun mas_que_ningun mas_que_nunca foremost led led_by headed most_often
		record maximo maxima maximos mas_alto mas_alta mas_altos mas_grande mas_numeros* encabez* lidera lideran lidero pico mas_elevad*
		mayor mayores`},
	{cueLow, `fewer_than_in_any less_than_in_any fewer_than_any less_than_any menos_que_en_ningun menos_que_ningun menos_que_nunca lowest
		smallest fewest quietest slowest emptiest least minimum minimal mas_bajo mas_baja mas_bajos mas_bajas minimo minima menor menores
		con_menos new_low record_low low_of lows_of`},
	{cueOver, `more_than over at_least above upwards_of exceed* exceeded surpass*
		topped no_fewer_than no_less_than in_excess_of minimum_of floor_of arriba_de minimo_de no_menos_de cuando_menos
		sobrepas* exced* passing passed
		well_over or_more mas_de mas_del al_menos por_lo_menos como_minimo supero
		supera superan superaron superaba rebas* mas_que o_mas encima_de`},
	{cueUnder, `fewer_than less_than under below up_to at_most as_many_as as_much_as
		as_long_as as_far_as as_high_as no_more_than nearly almost close_to just_under not_quite maximum_of
		short_of shy_of limit_of cap_of ceiling_of or_fewer or_less or_under o_menos debajo_de tope_de maximo_de limite_de con_menos_de con_menos_del
		menos_de menos_del hasta como_mucho cuando_mucho a_lo_mas como_maximo a_lo_sumo casi cerca_de por_debajo_de inferior* no_mas_de`},
	{cueAbout, `about around roughly some approximately close_to circa an_estimated or_so or_thereabouts more_or_less near nearly almost shy_of in_the_region_of in_the_order_of
		del_orden_de rond* rozan roza rozo rozaron
		unos unas alrededor_de aproximadamente cerca_de mas_o_menos en_torno_a casi hacia`},
	{cueExact, `exactly precisely exact certainly definitely surely undoubtedly
		seguramente sin_duda ciertamente exactamente exacto exacta precisamente justo`},
	{cueDouble, `double doubl* twice twofold two_times doble dobl* duplic* dos_veces`},
	{cueTriple, `triple tripl* threefold three_times thrice fivefold fourfold tenfold quadrupl* cuadruplic* quintupl* tres_veces`},
	{cueHalf, `half halves halv* evenly mitad medio media equally partes_iguales`},
	{cueThird, `a_third_of by_a_third one_third thirds tercio tercios tercera_parte un_tercio`},
	{cueFourth, `quarter quarters one_quarter cuarta_parte cuartas_partes cuartas`},
	{cueEven, `not_long not_long_after not_long_before no_mucho_despues poco_despues signed_up signing_up sign_up signs_up
		only_in_part only_partly only_partially solo_en_parte solo_parcialmente sobre_todo above_all after_all del_todo
		all_year year_round all_told all_in_all con_todo ante_todo en_total add_up_to adds_up_to added_up_to sum_up_to`},
	{cuePassive, `is are was were be been being get got fue fueron es son era eran ser sido siendo sera seran`},
}

// antonymPairs are opposite words: the two sides of a line, folded, in both languages. A claim with one of a
// side whose source has only one of the other says the contrary.
const antonymPairs = `
	open opens opened opening reopen* abrir abrio abrieron abiert* abre abren reabr* reabier* keep_open kept_open / clos* shut shuts shutting shutdown shuttered cerr* cierr* clausur*
	raise raises raised raising rose rise rises rising risen increas* grew grow grows growing grown climb* soar* jump* surge* higher more mas above gain gains gained went_up mount* swell* aument* crec* subio sube suben subieron subir subido subida elevo eleva elevaron elevado increment* alza alzas / fell fall falls falling fallen drop* declin* decreas* shrink* shrank curb* restrict* lower lowered less fewer below menos plung* slump* reduc*  went_down down dip dips dipped diminish* slow* bajo bajar* bajaron bajan bajado bajada bajaba* baja bajen bajara* bajando cay* cae* caid* disminu* descen* reduj* redujo merm*
	accept* agree agrees agreed consent* welcom* acept* acced* accedi* consint* / refus* reject* rebuff* turned_down turn_down spurn* rechaz* rehus* se_nego se_niega se_negaron nego_a
	allow* permit* let lets letting authoriz* authoris* legaliz* permit* permiti* dejo_pasar dej*_pasar autoriz* / ban bans banned banning prohibit* forbid* forbade forbidden bar bars barred block* outlaw* prohib* impid* impidi* veda* vet* stop stopped stops halt* deten* detuv*
	stop stops stopped stopping halt* suspend* froze freez* frozen paus* deten* detuv* suspend* paraliz* congel* dejar_de dejo_de dejaron_de deja_de dejan_de / step_up stepped_up stepping_up ramp* intensif* run_again running_again ran_again resum* continu* restart* kept_running kept keeps_running keep_running went_on carried_on reanud* continu* prosigu* sigui* seguia* sigue* seguir* put_in_motion puso_en_marcha
	begin* began begun start* launch* commenc* opened introduc* empez* empiez* comenz* comienz* inicio inicia inician iniciaron iniciar iniciado inaugur* arranc* puso_en_marcha / end ends ended ending finish* terminat* conclud* expir* ceas* ceased wind_down abolish* termin* acab* concluy* finaliz* venci* expir* fin_a fin_de
	support* back* endors* favour* favor* champion* advocat* apoy* respald* defend* defiend* abog* / oppos* object* resist* criticis* criticiz* condemn* denounc* opon* opus* opos* critic* conden*
	confirm* admit* acknowledg* reconoc* confirm* admit* admiti* / deny denies denied denying denial refut* desmint* desmient* nego niega niegan negaron negar negado
	win wins won winning succeed* advanc* avanz* success* passed pass passes prevail* victory approv* gano ganan ganar ganaron triunf* prosper* aprob* exit* / lose loses lost losing fail fails failed failing failure defeat* perd* pierd* fracas* derrot*
	keep keeps kept keeping maintain* preserv* retain* uphold* upheld extend* renew* mantuv* manten* mantien* continu* sigui* seguir* conserv* prorrog* renov* / lift* withdr* remov* scrap* drop* revok* rescind* expir* abandon* cancel* shelv* end ends ended ending retir* levant* revoc* cancel* quit* elimin* archiv*
	impos* slap* took_effect put_into_effect carried_out impus* impon* impusier* entro_en_vigor / shelv* suspend* lift* drop* withdr* retir* call_off calls_off called_off calling_off postpon* put_off delay* aplaz* archiv* levant* pospon* pospus*
	before earlier ahead_of prior antes previo previa anterior* / after later following despues tras luego posterior*
	permanent* permanente* definitiva definitivamente forma_definitiva for_good / temporar* seasonal provisional pilot trial_of trial_basis trial_run piloto pilotos prueba_piloto on_a_trial_basis a_prueba stopgap temporal* provisional* transitori* estacional*
	legal* lawful* regular* licit* / illegal* unlawful* irregular* unauthor* undocument* ilegal* ilicit* indocument*
	eligible entitled elegible* tiene_derecho tienen_derecho tenia_derecho tenian_derecho con_derecho / ineligible inelegible* no_tiene_derecho no_tienen_derecho sin_derecho
	includ* inclu* / exclud* exempt* shut_out left_out leave_out leaving_out except* exclu* except* salvo
	good bueno buena buenas buenos / bad poor_relations malo mala malas malos
	help helps helped helping benefit* ayudo ayudan ayudaron ayudar benefici* / hurt hurts harm* damag* perjudic* dañ* danar*
	north northern northward northbound norte septentrional northwest northeast / south southern southward southbound sur meridional southwest southwestern southeast suroeste sudoeste sureste
	east eastern este oriental / west western oeste occidental
	enter enters entering entry entr* ingres* / exit exits leave leaves leaving left salir sale salen salio salieron salida
	import imports imported import* / export exports exported export*
	closer nearer cercano cercana / farther further_from further_away farther_away greater_distance lejano lejos
	easier easing ease eased facil* / harder harden* difficult* tougher stricter tighten* dificult* endurec*
	expand* widen* enlarg* broaden* ampli* expand* / curb* restrict* limit* curtail* narrow* cut cuts cutting restring* limit* recort*
	highest maximum largest biggest record greatest busiest more_than_in_any more_than_any mas_que_en_ningun mas_que_ningun mas_que_nunca mas_alto mas_alta mas_altos maximo / lowest smallest minimum fewest fewer_than_in_any less_than_in_any fewer_than_any less_than_any menos_que_en_ningun menos_que_ningun menos_que_nunca quietest least mas_bajo mas_baja mas_bajos minimo
	more mas / less fewer menos
	record_high high alto alta altos altas / record_low low bajo baja bajos bajas
	deploy* mobiliz* movilic* moviliz* desplieg* desplego desplegar / withdr* retir* pull_out pulled_out
	majority most mayoria / minority few minoria
	public* public* / private* privad*
	strengthen* reinforc* tough* refor* fortal* / weaken* soften* relax* debil*
	oldest older / youngest newest younger
	vaccinat* vacunad* / unvaccinat* sin_vacunar
	praise* thank* hail* applaud* celebrat* agradec* elogi* celebr* aplaud* / criticis* criticiz* condemn* denounc* attack* critic* conden*
	thank* agradec* / blam* culp*
	voluntar* voluntari* / mandator* compulsor* forced obligator* forzos*
	joined join joins sumarse sumo unio unirse / left leave stayed_out quit quedo_fuera abandon*
	attend* asist* present* / absent skip* missed ausent*
	restor* brought_back brings_back reviv* restabl* reinstat* restituy* / suspend* revok* cut_off end ended ends abolish* aboli* suspend* revoc*
	pedestrian* on_foot peaton* / vehicle* car cars vehicul* coche*
	clear claro / unclear uncertain confus* incierto
	available disponible* / unavailable no_disponible
	willing dispuest* ready / unwilling reluctant reac*
	extend* extended prolong* exten* / terminat* ended revok* shorten* acort*
	unusual exceptional excepcional* insolit* / usual ordinary normal habitual*
	hostile hostil / friendly cordial amistos*
	optimis* / pessimis* pesimis*
	cheap cheaper barat* / expensive costly caro cara caros caras
	fast faster quick* rapid* / slow slower slowly lent*
	rich rico rica ricos ricas / poor pobre*
	complete* full_reopening total totales / partial* partly parcial*
	enough suficient* / insufficient shortage escas*
	male men man hombre hombres / female women woman mujer mujeres
	upheld uphold* ruled_lawful valid* avalo ratific* / unlawful* unconstitutional ilegal* inconstitucional* struck_down overturn* annul* void anul* invalid*
	employer* empleador* patron* / employee* worker* empleado* trabajador*
	buy buys bought compr* / sell sells sold vend*
	first primer primero primera / last ultimo ultima
	gave give gives giving grant grants granted dio dar concedi* otorg* / took took_away withh* retuv*
	inside within dentro / outside beyond fuera
	a_favor in_favour in_favor for_the_government / against en_contra
	remember* remind* / forget forgot olvid*
	true verdad* / false fals*
	same equal identical igual iguales mismo mismos misma mismas / different distinct distint* diferent*
`

// vocabulary finds cues, opposites and groups of words by folded word or stem.
type vocabulary struct {
	exact  map[string][]entry
	prefix map[string][]entry
	stems  map[string]map[string][]entry // by language, then stem
	pairs  []string                      // what each pair of opposites is about, from 1
	scales int16                         // the first pair of opposites that is a scale
	poles  uint16                        // the first group of words that is a pole of a scale
	near   []map[uint16]bool             // by pole: those that it shares a word with
	other  []uint16                      // by pole: its opposite, or 0
	sooner int16                         // the line of antonymPairs on before and after
	grown  int16                         // the line of antonymPairs on more and less
	known  map[string]*sync.Map          // by language: meanings by folded word
	size   atomic.Int32                  // of known
	sizes  [1 << 16]uint16               // by the first two bytes: the lengths of prefixes, as bits
}

// entry is a word or phrase of the vocabulary.
type entry struct {
	rest []string // the words after the first, for a stem their stems; a star at the end stands for any ending
	stem bool     // they are stems
	cue  cue
	pair int16  // 0: none; else a pair of opposites, negative on its other side
	kin  uint16 // 0: none; else a group of words for one another
}

// verifyWords returns the vocabulary, which it builds once, on first use.
var verifyWords = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{exact: map[string][]entry{}, prefix: map[string][]entry{},
		stems: map[string]map[string][]entry{lang.English: {}, lang.Spanish: {}},
		known: map[string]*sync.Map{lang.English: {}, lang.Spanish: {}}}
	for _, c := range cueWords {
		for _, w := range strings.Fields(c.words) {
			v.put(w, entry{cue: c.cue})
		}
	}
	n := int16(0)
	v.pairs = []string{""}
	for line := range strings.Lines(antonymPairs) {
		left, right, ok := strings.Cut(line, "/")
		if !ok {
			continue
		}
		n++
		v.pairs = append(v.pairs, strings.Trim(strings.Fields(left)[0], "*")+" or "+strings.Trim(strings.Fields(right)[0], "*"))
		if strings.Contains(left, " increas*") {
			v.grown = n
		}
		if strings.Contains(left, "before ") {
			v.sooner = n
		}
		for _, w := range strings.Fields(left) {
			v.put(w, entry{pair: n})
		}
		for _, w := range strings.Fields(right) {
			v.put(w, entry{pair: -n})
		}
	}
	kin := uint16(0)
	for line := range strings.Lines(wordGroups) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		kin++
		for _, w := range words {
			v.put(w, entry{kin: kin})
		}
	}
	v.scales, v.poles = n+1, kin+1
	for _, s := range scales() {
		if s.opposed() {
			n++
			v.pairs = append(v.pairs, s.name)
		}
		for side, words := range s.poles {
			kin++
			v.near = append(v.near, map[uint16]bool{})
			switch {
			case !s.opposed():
				v.other = append(v.other, 0)
			case side == 0:
				v.other = append(v.other, kin+1)
			default:
				v.other = append(v.other, kin-1)
			}
			e := entry{kin: kin}
			if s.opposed() {
				e.pair = n * int16(1-2*side)
			}
			for language, list := range words {
				for _, w := range list {
					v.putStem(w, language, e)
				}
			}
		}
	}
	for _, stems := range v.stems {
		for _, list := range stems {
			for _, a := range list {
				for _, b := range list {
					if slices.Equal(a.rest, b.rest) {
						v.near[a.kin-v.poles][b.kin] = true
					}
				}
			}
		}
	}
	return v
})

// compare tells how two words stand to one another by the poles that they are on: positive when they share one,
// or have ones that share a word, more often than one shares a word with the opposite of the other; negative in
// the reverse case; 0 when nothing is known.
func (v *vocabulary) compare(a, b []uint16) int {
	sum := 0
	for _, p := range a {
		if p < v.poles {
			continue
		}
		for _, q := range b {
			if q < v.poles {
				continue
			}
			if p == q {
				sum += 3
			} else if v.near[p-v.poles][q] {
				sum++
			}
			x, y := v.other[p-v.poles], v.other[q-v.poles]
			switch {
			case x == q && x != 0:
				sum -= 3
			case x != 0 && v.near[x-v.poles][q], y != 0 && v.near[y-v.poles][p]:
				sum--
			}
		}
	}
	return sum
}

// about says what a pair of opposites is about.
func (v *vocabulary) about(pair int16) string { return v.pairs[max(pair, -pair)] }

// put enters a folded word or phrase under its first word, or under the beginning of it before a star.
func (v *vocabulary) put(phrase string, e entry) {
	words := strings.Split(lang.Fold(phrase), "_")
	e.rest = words[1:]
	if p, ok := strings.CutSuffix(words[0], "*"); ok {
		v.prefix[p] = append(v.prefix[p], e)
		v.sizes[uint16(p[0])<<8|uint16(p[1])] |= 1 << len(p)
		return
	}
	v.exact[words[0]] = append(v.exact[words[0]], e)
}

// putStem enters a word or phrase that is found by the stems of its words.
func (v *vocabulary) putStem(phrase, language string, e entry) {
	words := strings.Split(lang.Fold(phrase), "_")
	for i, w := range words {
		words[i] = lang.Stem(w, language)
	}
	e.rest, e.stem = words[1:], true
	list := v.stems[language][words[0]]
	if !slices.ContainsFunc(list, func(o entry) bool { return o.kin == e.kin && slices.Equal(o.rest, e.rest) }) {
		v.stems[language][words[0]] = append(list, e)
	}
}

// meanings are what the vocabulary has for a word. They are shared and must not be changed.
type meanings struct {
	cue     cue
	pairs   []int16
	kin     []uint16
	phrases []entry // that begin with the word
	phrasal []entry // those of them whose second word may stand apart: "left the wall out"
	stem    string
	base    string // the word, or the base of an irregular form, or what a prefix denies
	un      bool   // it denies by its prefix: "unregistered"

	plainKin, plainPairs int // how many of kin and pairs are of no scale

	stop, number bool // it is a function word, a number
	month, day   bool // it may be the name of a month, of a day
}

// find returns the meanings of a folded word.
func (v *vocabulary) find(fold, language string) *meanings {
	known := v.known[language]
	if m, ok := known.Load(fold); ok {
		return m.(*meanings)
	}
	base, un := baseOf(fold, language)
	look := base // the word whose stem is looked up beside its own
	if un {
		look = fold // what is denied by its prefix means something else
	}
	m := &meanings{base: base, un: un, stem: lang.Stem(fold, language), stop: lang.Stop(fold, language), number: lang.IsNumber(fold),
		month: lang.Month(fold) > 0, day: weekday(fold) >= 0 || festive.Has(fold)}
	take := func(list []entry) {
		for _, e := range list {
			if len(e.rest) > 0 {
				m.phrases = append(m.phrases, e)
				if len(e.rest) == 1 && particles.Has(e.rest[0]) {
					m.phrasal = append(m.phrasal, e)
				}
				continue
			}
			m.cue |= e.cue
			if e.pair != 0 {
				m.pairs = append(m.pairs, e.pair)
			}
			if e.kin != 0 {
				m.kin = append(m.kin, e.kin)
			}
		}
	}
	foreign := language == lang.English && onlySpanish.Has(fold)
	if !foreign {
		take(v.exact[fold])
	}
	if len(fold) > 1 && !foreign {
		for sizes := v.sizes[uint16(fold[0])<<8|uint16(fold[1])]; sizes != 0; {
			n := bits.Len16(sizes) - 1
			sizes &^= 1 << n
			if n <= len(fold) {
				take(v.prefix[fold[:n]])
			}
		}
	}
	m.plainKin, m.plainPairs = len(m.kin), len(m.pairs)
	if !offStem.Has(fold) {
		list := v.stems[language][m.stem]
		if look != fold {
			list = slices.Concat(list, v.stems[language][lang.Stem(look, language)])
		}
		if language == lang.Spanish && !slices.ContainsFunc(list, func(e entry) bool { return len(e.rest) == 0 }) {
			list = slices.Concat(list, v.changed(m.stem))
		}
		if m.stop { // only what begins a phrase: "without saying"
			list = slices.DeleteFunc(slices.Clone(list), func(e entry) bool { return len(e.rest) == 0 })
		}
		take(list)
	}
	if len(fold) <= maxKnownWord && v.size.Add(1) <= maxKnown {
		m.stem, m.base = strings.Clone(m.stem), strings.Clone(m.base)
		known.Store(strings.Clone(fold), m) // not the text that the word is part of
	}
	return m
}

// onlySpanish are words of the lists that mean something else in English: a town has a mayor, and a mother a son.
var onlySpanish = lang.SetOf(`mayor mayores son era sin meta dice pico pide solo once media medio pan falta`)

// changed returns what the vocabulary has for the Spanish verb of which a form has that stem, when the form has a stem of its
// own: "concedi", of "concedió", for "conced", "retuv" for "reten", "rechac" for "rechaz".
func (v *vocabulary) changed(stem string) []entry {
	known := v.stems[lang.Spanish]
	if len(stem) < 4 {
		return nil
	}
	for _, c := range stemChanges {
		base, ok := strings.CutSuffix(stem, c.form)
		if ok && len(base) > 1 && len(known[base+c.base]) > 0 {
			return known[base+c.base]
		}
	}
	short, ok := strings.CutSuffix(stem, "i")
	if ok && len(short) > 2 {
		if list := known[short]; len(list) > 0 {
			return list
		}
	} else {
		short = stem
	}
	for _, c := range vowelChanges { // the last vowel: "niega" of negar, "pidió" of pedir
		if k := strings.LastIndex(short, c.form); k > 0 && len(short)-k-len(c.form) <= 3 && !strings.ContainsAny(short[k+len(c.form):], "aeiou") {
			if list := known[short[:k]+c.base+short[k+len(c.form):]]; len(list) > 0 {
				return list
			}
		}
	}
	return nil
}

// stemChange is how the stem of some forms of Spanish verbs differs from that of the infinitive.
type stemChange struct{ form, base string }

// stemChanges are those at the end of the stem, of preterites, participles, futures and subjunctives; vowelChanges are of its
// last vowel.
var (
	stemChanges = []stemChange{{"tuv", "ten"}, {"tuvi", "ten"}, {"pus", "pon"}, {"pusi", "pon"}, {"duj", "duc"}, {"traj", "tra"}, {"dij", "dec"},
		{"vin", "ven"}, {"vini", "ven"}, {"hiz", "hac"}, {"hic", "hac"}, {"vuelt", "volv"}, {"suelt", "solv"}, {"cubiert", "cubr"},
		{"escrit", "escrib"}, {"iqu", "ic"}, {"oqu", "oc"}, {"aqu", "ac"}, {"nqu", "nc"}, {"rqu", "rc"}, {"ac", "az"}, {"nc", "nz"},
		{"rc", "rz"}, {"oc", "oz"}, {"ezc", "ec"}, {"ozc", "oc"}, {"uzc", "uc"}, {"zc", "c"}, {"ar", ""}, {"er", ""}, {"ir", ""},
		{"ari", ""}, {"eri", ""}, {"iri", ""}, {"tien", "ten"}, {"vien", "ven"}, {"tendr", "ten"}, {"pondr", "pon"}, {"vendr", "ven"}}
	vowelChanges = []stemChange{{"ie", "e"}, {"ue", "o"}, {"i", "e"}, {"u", "o"}}
)

// maxKnown and maxKnownWord bound how many words are remembered with their meanings, about as many as news uses, and
// the bytes of one.
const (
	maxKnown     = 1 << 16
	maxKnownWord = 64
)

// stands reports whether the phrase of an entry stands at token i of s: "out of" after "run".
func (e *entry) stands(s *statement, i int) bool {
	if i+len(e.rest) >= len(s.toks) {
		return false
	}
	for k, w := range e.rest {
		have := s.toks[i+1+k].Fold
		if p, star := strings.CutSuffix(w, "*"); star {
			if !strings.HasPrefix(have, p) {
				return false
			}
		} else if have != w && !(e.stem && s.words[i+1+k].means.stem == w) {
			return false
		}
	}
	return true
}

// offStem mean something else than the words that they have the stem of.
var offStem = lang.SetOf(`nearly hardly lately largely fairly mostly shortly barely closely highly directly presently particularly party parties
	last past pasado pasada pasados pasadas united news states goods means works unidos estados antes apenas`)

// bounds reports whether a word that bounds a number begins at token i.
func (v *vocabulary) bounds(s *statement, i int) bool {
	m := s.words[i].means
	return m.cue&bounds != 0 || slices.ContainsFunc(m.phrases, func(e entry) bool { return e.cue&bounds != 0 && e.stands(s, i) })
}

// slight are words of reporting and others that carry no substance of their own.
var slight = lang.SetOf(`
	number numbers figure figures total totals case cases way ways thing things kind time times people person persons year years month months
	day days week weeks include includes included including among amount amounts amounted come came comes coming become became make makes
	made making take takes took taken taking give gives gave given giving get gets got have has had do does did go goes went put puts set
	sets hold held run ran keep kept remain remained needed let volvio volvieron again say says said told new same another via part parts
	able according due back still already yet again also well way like so far use used using percent percentage ciento porcentaje numero
	cifra cifras total casos veces vez personas persona gente ano anos mes meses dia dias semana semanas incluye incluyen incluido llego
	llegaron hace hizo hacer dar dio dieron daria darian dara daran da dan dado tener tuvo tuvieron haber poner puso quedar quedo dijo
	dijeron nuevo nueva nuevos nuevas mismo misma parte partes segun ya aun todavia tambien asi tal manera caso entre ellos ellas cerca
	alrededor unos unas account accounts version whereas early late mid beginning start end middle half principios comienzos inicios mediados
	finales fines tenth own propio propia propios propias daily weekly monthly country countries pais paises side situation situacion level levels nivel niveles place lugar
`)

// baseOf returns what the forms of a word are led back to: the base of an irregular form, or in English
// what the prefix of a participle denies.
func baseOf(fold, language string) (base string, denied bool) {
	base = fold
	if b, ok := irregular[fold]; ok {
		base = b
	}
	plain, ok := strings.CutPrefix(base, "un")
	if ok && language == lang.English && len(plain) > 4 && strings.HasSuffix(plain, "ed") && !strings.HasPrefix(plain, "der") && !unOnly.Has(base) {
		return plain, true
	}
	return base, false
}

// irregular leads forms of English verbs to one of them that the others do not resemble.
var irregular = pairs(`say said tell told send sent give gave given win won hold held rise rose risen fall fell fallen take took taken
	begin began begun become became make made pay paid build built leave left meet met speak spoke spoken write wrote written bring brought
	seek sought think thought buy bought lose lost lead led come came go went gone know knew known grow grew grown draw drew drawn keep kept
	choose chose chosen freeze froze frozen swear swore sworn withdraw withdrew withdrawn drive drove driven ride rode ridden fly flew flown
	break broke broken see saw seen run ran find found sell sold teach taught fight fought stand stood understand understood get got gotten
	feel felt spend spent flee fled strike struck fall fell catch caught hide hid hidden steal stole stolen throw threw thrown overthrow
	overthrew overthrown shake shook shaken shrink shrank shrunk sink sank sunk tear tore torn forgive forgave forgiven overcome overcame
	withhold withheld uphold upheld lend lent feed fed forget forgot forgotten forbid forbade forbidden rebuild rebuilt repay repaid
	beat beaten overtake overtook overtaken oversee oversaw overseen wear wore worn undergo underwent undergone`,
	`say send give win hold rise fall take begin become make pay build leave meet speak write bring seek think buy lose lead come go know
	grow draw keep choose freeze swear withdraw drive ride fly break see run find sell teach fight stand understand get feel spend flee
	strike tell catch hide steal throw overthrow shake shrink sink tear forgive overcome withhold uphold lend feed forget forbid rebuild repay
	beat overtake oversee wear undergo`)

// pairs maps each form to the base before it, given the list of bases: "said" to "say".
func pairs(forms, bases string) map[string]string {
	base := lang.SetOf(bases)
	m := map[string]string{}
	last := ""
	for _, w := range strings.Fields(forms) {
		if base.Has(w) {
			last = w
			continue
		}
		m[w] = last
	}
	return m
}

// beginsWith reports whether a folded word begins with one of some beginnings.
func beginsWith(fold string, beginnings ...string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(fold, b) {
			return true
		}
	}
	return false
}

// endsIn reports whether a folded word ends in one of some endings.
func endsIn(fold string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(fold, e) {
			return true
		}
	}
	return false
}
