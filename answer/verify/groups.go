package verify

// wordGroups are words that news uses for one another, a group a line, folded, in both languages; a star
// stands for any ending, an underscore joins a phrase. They link a claim with its source where the lexicon,
// whose business is what questions are about, has nothing: verbs of doing, going, changing, and their nouns.
const wordGroups = `
	close* closing shut shuts shutting shutdown shuttered clos* cerr* cierr* clausur*
	open opens opened opening reopen* abr* abiert* reabr* reapertura apertura
	halt* stop stops stopped stopping suspend* pause* paus* froze freez* frozen withheld withhold* interrump* suspend* deten* detuv* paraliz* congel* fren* paro pararon dej*_de ces*
	resum* restart* reanud* run_again running_again went_back return_to retom*
	postpon* put_off delay* defer* shelv* aplaz* pospon* pospus* demor* retras* archiv* pospuest*
	cancel* scrap* drop* call_off called_off calling_off abandon* cancel* abandon* retir* anul* desist* descart* backed_down back_down withdr* desech*
	rais* increas* boost* hik* climb* rose rise rises rising risen grew grow grows grown growing went_up go_up up jump* soar* surg* aument* increment* subir subio suben subieron subida subido elev* crec* ascen*
	fell fall falls fallen drop* declin* decreas* decline lower* reduc* cut cuts cutting shrank shrink* went_down down baj* cay* cae* caid* disminu* reduj* descen* recort* merm*
	curb* rein* restrain* limit* restrict* contain* stem* hold_back held_back reduc* slow* fren* conten* limit* restring* reduj*
	cross* went_through go_through going_through passed_through pass_through passing_through through cruz* atraves* transit* pasar pasaron paso pasan
	enter* came_in come_in entry admit* let_in ingres* entr*
	leave leaves leaving left depart* exit* exodus emigrat* salir salen salio salieron salida parti* abandon* exodo
	return* sent_back send_back sending_back go_back turn* devolv* devuel* regres* retorn* deport* expel* expul*
	deport* expel* remov* sent_back send_back deport* expuls* remov*
	mov* transfer* relocat* redirect* divert* took tras* traslad* desvi* desplaz* reubic* llev* redirig* transfer*
	deploy* station* post* send sent sends sending dispatch* despleg* desplieg* envi* mand*
	detain* arrest* apprehend* apprehension* captur* caught detenc* deten* detuv* arrest* aprehen* captur*
	locat* found find finds intercept* detect* encounter* localiz* encontr* hall* detect* intercept*
	die died dies death* dead kill* perish* muert* muri* morir fallec*
	hurt injur* wound* herid* lesion*
	help* assist* aid aided support* ayud* asist* apoy* auxili*
	money fund* funds cash dinero fond* recursos
	invest* investment* inver* inviert*
	pay pays paid spend spends spent cost costs gast* pag* cost* desembols* disburs*
	price* cost* fee* worth precio* cost* valor*
	give gives gave given grant* award* provid* hand* issu* dio dar dieron otorg* conced* entreg* proporcion* expid* emit*
	get gets got obtain* receiv* reciv* secure* obtuv* obten* recib* consig* logr*
	offer* ofrec* ofert*
	propos* suggest* float* put_forward rais* sketch* propon* propus* propuest* sugir* suger* plante* esboz*
	ask* request* urg* call_for called_for calling_for call_on called_on demand* press* push* want* petition* pedir pedi pedido pedia pide piden pidio pidieron solicit* inst* exig* reclam* llam* peticion* presion*
	promis* pledg* vow* commit* undert* promet* compromet* compromis* asegur*
	threat* warn* amenaz* advert* advirt* adviert*
	agree* accept* consent* acord* acced* acept* acuerd*
	agreement* deal* accord* pact* treaty memorandum acuerdo* pacto* convenio* tratado* memorando*
	talk* negotiat* discuss* meet* met conversation* dialog* consult* hablar habl* negoci* convers* reun* encuentr* dialog* discut* abord* tratar
	meet* met gather* summit* session* reun* cumbre* encuentr* sesion*
	discuss* address* deal_with tackl* cover* abord* trat* discut* atend*
	sign* firm* suscrib*
	approv* pass passed passes adopt* enact* aprob* aprueb* adopt* promulg*
	reject* refus* turn_down turned_down turning_down rebuff* declin* dismiss* spurn* rechaz* rehus* desestim*
	deny denies denied denying denial desmint* desment* desmient* nieg* neg*
	block* fail* defeat* fell_short bloque* fracas* derrot*
	launch* begin* began begun start* kick* introduc* inaugur* lanz* inici* comenz* comienz* empez* empiez* arranc* puso_en_marcha puesta_en_marcha estren*
	end ends ended ending finish* conclud* expir* terminat* clos* termin* acab* conclu* finaliz* venci* expir* fin final
	last lasted lasts lasting dur*
	continu* keep keeps kept keeping go_on went_on going_on maintain* carry_on carried_on remain* sigu* segu* continu* manten* mantuv* mantien* permanec*
	includ* contain* comprise* consist* cover* inclu* conten* contien* abarc* comprend*
	exclud* leave_out left_out leaving_out omit* excl* omit* dej*_fuera
	need needs needed requir* necesit* requir* requier* exig*
	allow* permit* let lets authoriz* authoris* permit* autoriz* dej*
	work works worked working labour* labor* job* employ* trabaj* labor* empleo* emple*
	worker* labourer* laborer* workforce employee* trabajador* obrer* emplead* jornaler*
	farm* agricult* agricol* campo campesin*
	law laws bill* legislation act statute ley leyes legisl* proyecto_de_ley
	lawmaker* legislator* senator* congress* legislador* congres* senador* diputad*
	court* judge* tribunal* juez* jueces juzgad* corte
	rule* ruling* rules norm* regla* fall* dictamin*
	order* decree* proclamation* mandat* orden* decret* proclam*
	charge* accus* blame* acus* culp* imput*
	thank* gratitude agrade*
	praise* hail* laud* applaud* elogi* aplaud* alab*
	critic* condemn* denounc* attack* slam* blast* critic* conden* denunci*
	recogni* acknowledg* admit* conced* reconoc* admit*
	show shows showed shown reveal* indicat* suggest* muestr* mostr* revel* indic*
	say says said saying stat* declar* assert* affirm* told tell claim* maintain* dijo dijeron dice dicen dicho decir decia afirm* declar* asegur* sostuv* sostien* manifest* señal* senal* coment* expres*
	announc* unveil* anunci*
	report* informo informa informaron informar report* informo informa informaron informar relat*
	write wrote written writes escrib* letter* carta*
	count* record* register* log* tally total* conto contaron contar registr* contabiliz* suma sumaron
	estimat* put puts reckon* calculat* estim* calcul*
	figure* number* data statistic* cifr* dat* numer* estadistic*
	about around roughly some unos alrededor
	nearly almost close_to casi cerca
	part share portion percentage proportion* parte proporcion porcentaje
	tenth decim*
	many lots numerous much mucho* numeros*
	most majority mainly mostly mayor* principal*
	several various some vari* algun*
	big bigger biggest large larger largest great* huge major grand* mayor* enorm*
	small smaller smallest little minor pequen* menos
	important significant major key relevant* import* significat* clave
	new newly fresh nuev*
	old former previous ex prior antig* anterior* ex previ*
	future incoming elect next upcoming futur* entrant* elect* proxim*
	current present actual* present*
	early beginning start principios comienzos inici*
	late end finales fines
	far distant away leja* lejos
	near nearby close next_to cerca* proxim* junto
	fast quick* rapid* rapid* veloz
	long lengthy larg* prolong*
	house* home* housing shelter* viviend* casa casas albergue* refugi* hogar*
	resident* inhabitant* people living residente* habitante* poblad*
	child children minor* kid* youth* menor* nin* joven* jovenes
	family families relative* famili*
	woman women female* mujer*
	man men male* hombre* varon*
	crowd* mass group* grup* multitud* masa*
	worker* personnel staff personal plantill*
	police* policia* polici*
	soldier* troop* military army guard* soldad* militar* ejercit* tropa* efectivo*
	border* frontier* fronter* frontier*
	wall* barrier* fence* muro* barrera* valla* barda*
	train* rail* railway* railroad* tren* ferrocarril* ferrovi* ferroviari*
	bridge* puente*
	truck* lorry lorries camion*
	car cars vehicle* auto* coche* vehicul* carro*
	ship* boat* vessel* barco* buque* lancha* embarc*
	ferry ferries transbordador*
	plane* flight* aircraft avion* vuelo* aeronav*
	road* route* way* highway* carreter* ruta* camino*
	trade* commerc* comerci*
	good* merchandise product* cargo freight mercanci* producto* carga* bien bienes
	tariff* dut* levy arancel*
	tax* impuest* tribut*
	econom* econom*
	business* compan* firm* corporat* enterpris* empres* compania* compañ* negocio* firma
	bank* banco* bancari*
	poverty poor pobre*
	violence violent violen*
	crime* criminal* delit* crimin* delinc*
	smuggl* traffick* contraband* trafic* trata coyote*
	weapon* arms armas arma gun* arma*
	drug* drog* estupefac*
	cause* reason* root* origin* caus* raz* motiv* origen* raiz raices fondo estructural*
	result* outcome consequen* effect* impact* result* consecuen* efecto* impact* repercu*
	affect* impact* hit hits affect* afect* golpe* perjudic*
	damage* harm* dano danos perjudic* perjuici*
	loss* lose loses lost losing perd* perdid* pierd*
	win* won victory gan* victori* triunf*
	elect* vote* voting ballot* eleg* elecc* elig* vot* comici*
	candidate* candidat* aspirant*
	campaign* campan*
	president* presiden*
	government* administration* authorit* gobiern* administracion* autoridad* ejecutiv*
	minister* secretar* ministr* secretari* canciller*
	foreign exterior* extranjer* cancilleria relaciones
	interior gobernacion
	treasury finance hacienda finanz* tesoro
	labour labor trabajo
	defence defense defensa
	office* agency bureau institute* oficina* agencia* institut* organism*
	official* functionar* funcionari* oficial*
	spokes* portavoz* vocer*
	adviser* advisor* aide* asesor*
	leader* head* chief* boss* lider* dirigent* jef* encabez*
	headed led lead leads leading chair* run ran dirig* encabez* lider* presid*
	team* delegation* side equipo* delegacion* comitiva*
	envoy* ambassador* enviad* embajador*
	visit* trip* travel* tour* visit* viaj* gira* desplaz*
	speech* address* remark* statement* comment* discurs* palabra* declaracion* comentari*
	letter* note* message* cart* nota* mensaj*
	document* paper* memo* file* document* papel* memorand*
	plan* scheme* project* program* initiative* strateg* plan* proyect* program* iniciativ* estrateg*
	measure* step* action* move* medid* paso* accion* acciones
	goal* aim* target* objective* purpose* meta* objetiv* proposit* fin*
	chance* opportunit* oportunid* posibilid*
	right* derech*
	legal* lawful* legitim* legal* licit* regular
	illegal* unlawful* irregular* undocumented unauthor* ilegal* irregular* indocument* ilicit*
	temporary temporar* seasonal interim temporal* provisional* estacional*
	stay* remain* perman* qued* permanec* estad* estanc*
	wait* esper*
	live lives lived living reside* viv* resid*
	travel* journey* go goes going went viaj* ir iba*
	north northward northern northbound norte
	south southward southern southbound sur
	arriv* reach* came come comes coming llega* llegad* alcanz* arrib*
	apply applies applied applying application* applicant* solicit* aplic* postul*
	seek* sought looking_for search* busc* solicit*
	choose* chose* pick* select* eleg* escog* seleccion*
	appoint* name* nominat* nombr* design* propus*
	resign* step_down stepped_down quit dimit* renunci*
	replac* substitut* swap* exchang* sustitu* reemplaz* remplaz* cambi*
	build* built construct* erect* constru* edific* levant*
	creat* set_up establish* found* generat* crear crean creo crearon creacion establec* fund* gener*
	develop* desarroll*
	improv* better* mejor*
	worsen* deteriorat* empeor* deterior*
	strengthen* reinforc* tighten* fortal* reforz* reforc* refuerz* endurec*
	weaken* loosen* eas* debilit* relaj* alivi* suaviz* flexibiliz*
	ease easing relieve* alleviat* alivi* mitig* atenu*
	join* unit* suma sumaron unir unieron adher* incorpor*
	together jointly joint junt* conjunt*
	separat* split* separ* divid*
	return* restor* reinstat* restabl* restitu* reinstal* volv*
	protect* safeguard* proteg* protec* amparo resguard*
	investigat* inquir* probe* investig* indag* pesquis*
	check* inspect* screen* vet* examin* verif* inspecc* revis* control* examin*
	watch* monitor* supervis* vigil* monitor* supervis*
	train* teach* course* formac* capacit* ensen* curso*
	school* educat* study studies escuel* educ* estudi* escolar*
	health* medic* hospital* salud sanitari* medic*
	water* agua*
	food* meal* aliment* comida*
	land* soil tierra* terren*
	energy power electric* energi* electric*
	oil petroleum petrole*
	gas gas
	half mitad medio
	double* twice doubl* dobl* duplic*
	fivefold quintupl*
	answer* reply replied respond* response* respond* respuest* contest*
	silent silence callad* silenci*
	know* knew aware sab* conoc*
	think* thought believ* consider* pens* crear crean creo crearon creacion consider* opin*
	hope* expect* esper* confi*
	fear* afraid worr* concern* tem* preocup*
	try tries tried attempt* intent* trat*
	use uses used using usar usan usaron usa usó utiliz* emple* recurr*
	mention* refer* bring_up brought_up bringing_up rais* cit* mencion* refer* alud* habl*
	describe* depict* portray* present* describ* present* retrat*
	call* dub* label* brand* llam* calific* tach* tild*
	happen* occur* took_place take_place ocurr* suced* produj* celebr*
	hold* held host* celebr* organiz*
	disput* contest* challeng* disput* impugn* cuestion*
	prove* evidenc* confirm* prueb* probar probo demostr* confirm* comprob*
	force* oblig* compel* oblig* forz* fuerz*
	prevent* avoid* avert* evit* impid* imped* preven*
	prepar* ready prepar* alist*
	buy* bought purchas* compr* adquir*
	sell* sold sale* vend* venta*
	own* owned belong* propiedad propi* pertenec*
	produc* manufactur* maker makers making produc* fabric* elabor*
	maker makers making made hacer hace hacen hizo hech*
	consum* consum*
	strike* protest* demonstrat* huelg* protest* manifest* paro
	attack* assault* atac* ataq* agres*
	rescue* sav* rescat* salv*
	ban* prohib* forbid* forbad* bar* outlaw* veda* prohib* vet*
	lift* remov* levant* quit* elimin* retir*
	impos* slap* levied set impus* impon* aplic*
	effect* force vigor
	voluntar* voluntari*
	relation* tie ties link links relacion* vincul* lazo*
	friend* amig* amist*
	enem* enemig*
	war* conflict* guerra* conflict*
	peace* paz pacific*
	history historic* historia* historic*
	weekend* fin_de_semana
	migra* immigra* inmigra*
	compar* against versus frente contra compar*
	daily diari*
	monthly mensual*
	weekly semanal*
	yearly annual* anual*
`
