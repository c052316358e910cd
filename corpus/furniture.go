package corpus

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file knows the furniture of news pages, in English and Spanish: the phrases and shapes of text
// that stands on a page without being reporting.

func phrases(lists ...string) map[string]bool {
	m := make(map[string]bool)
	for _, list := range lists {
		for line := range strings.SplitSeq(list, "\n") {
			for p := range strings.SplitSeq(line, "|") {
				if p = strings.TrimSpace(p); p != "" {
					m[p] = true
				}
			}
		}
	}
	return m
}

// openers are lines, as plainKey gives them, that begin a list of links.
var openers = phrases(`
	read more | read also | also read | read next | read this next | what to read next | see also | more stories | more on this story
	more on this topic | more on this | more coverage | more news | more from us | most read | most popular | most viewed | most shared
	most watched | most commented | popular | popular stories | popular articles | trending | trending now | trending stories | related
	related articles | related article | related stories | related story | related topics | related news | related content
	related links | related coverage | related posts | related reading | related video | related videos | recommended
	recommended for you | recommended stories | recommended articles | recommended reading | you may also like | you might also like
	you may also be interested in | up next | dont miss | do not miss | editors picks | editors choice | latest | latest news
	latest stories | latest headlines | latest videos | latest video | top stories | top news | top headlines | top videos
	in case you missed it | further reading | from around the web | around the web | sponsored stories | promoted stories
	more in world | more in politics | more in us | more top stories | more headlines | whats next | explore more | keep reading
	read on
`, `
	lea también | lee también | lea además | lee además | lea más | lee más | leer más | leer también | ver también | vea también
	mira también | más información | más noticias | más sobre este tema | más en esta sección | más leídas | más leídos | las más leídas
	los más leídos | lo más leído | lo más visto | lo más reciente | lo último | lo más popular | más vistas | más vistos
	te puede interesar | también te puede interesar | le puede interesar | también le puede interesar | puede interesarle
	puede interesarte | te podría interesar | quizás te interese | te recomendamos | le recomendamos | recomendamos | recomendados
	recomendadas | recomendado | relacionado | relacionados | relacionadas | noticias relacionadas | notas relacionadas
	notas relacionados | contenido relacionado | contenidos relacionados | artículos relacionados | temas relacionados
	últimas noticias | últimos videos | últimos vídeos | tendencias | no te pierdas | no se pierda | en portada | otras noticias
	sigue leyendo | seguir leyendo
`)

// labels are whole lines that are furniture by themselves.
var labels = phrases(`
	advertisement | advertisements | advertising | ad | ads | sponsored | sponsored content | paid post | promoted | promoted content
	story continues below | story continues below advertisement | story continues | article continues below
	article continues below advertisement | article continues after advertisement | article continues after ad | scroll to continue
	scroll to continue reading | continue reading | continue reading below | continue reading the main story | skip advertisement
	skip past newsletter promotion | after newsletter promotion | skip to content | skip to main content | skip to comments | share
	share this | share this article | share this story | share this post | share on facebook | share on twitter | share on x
	share on linkedin | share on whatsapp | share via email | share by email | share article | share full article | tweet | tweet this
	email | e mail | email this | email this article | print | print this article | save | save article | save for later | bookmark
	copy link | copy url | link copied | copied | gift this article | give this article | republish | republish this article | repost
	comment | comments | leave a comment | leave a reply | post a comment | add a comment | no comments | show comments | view comments
	hide comments | load comments | join the conversation | join the discussion | report a typo | log in | login | log out | sign in
	sign up | sign up now | register | register now | create account | create an account | create a free account | my account
	subscribe | subscribe now | subscribe today | subscribe here | subscribe for free | subscribe to our newsletter | become a member
	donate | donate now | support us | newsletter | newsletters | our newsletters | thank you for subscribing | thanks for subscribing
	watch | watch live | watch now | watch video | watch the video | watch more | live | live updates | live tv | listen | listen now
	listen to article | listen to this article | play | play video | pause | mute | unmute | video | videos | photos | photo
	photo gallery | gallery | slideshow | view gallery | view slideshow | view photos | view all photos | see all photos | expand
	enlarge | enlarge image | zoom | full screen | fullscreen | view fullscreen | caption | hide caption | toggle caption | show caption
	image | menu | search | home | homepage | close | back | back to top | top | next | previous | next article | previous article
	next story | previous story | next up | show more | see more | show less | load more | view more | view all | see all | more | less
	all news | get the app | download the app | download our app | follow | follow us | following | unfollow | notifications
	turn on notifications | terms | terms of use | terms of service | terms and conditions | privacy | privacy policy | privacy notice
	cookie policy | cookies | cookie settings | manage cookies | accept cookies | accept all | reject all | about us | contact us
	advertise with us | all rights reserved | do not sell my personal information | getty images | getty | shutterstock | istock
	courtesy photo | file photo | file | stock photo | handout | topics | tags | filed under | in this article | in this story
	on this page | table of contents | end | ends | breaking news alerts | this content is not available | loading | loading…
	please wait | featured video | featured | exclusive content | subscriber only | subscribers only | premium | trending on | weather
	obituaries | crossword | horoscopes | e edition | today s paper | site map | sitemap | help | faq | rss | facebook | twitter | x
	instagram | whatsapp | telegram | youtube | linkedin | pinterest | reddit | flipboard | tiktok | threads | bluesky | messenger | sms
	text | pocket | snapchat | ad feedback | video ad feedback | see all topics | gift article | reuse this content | end of list
	explore more on these topics | transcript | download | embed | order reprints | todays paper | more to read | subscriber exclusives
	show full article | comment on this story | request a correction | submit a letter | letters to the editor
	order reprints todays paper subscribe | acquire licensing rights | purchase licensing rights | published | updated | last updated
	allow instagram content | view this post on instagram | view this post on x | new | breaking | developing | opinion | analysis
	read next | skip | enlarge this image | listen to the story | add to queue | heard on | sections | account | manage account
	profile | settings | buy now | shop now | share this article share | scroll down for video | story continued below
	view image in fullscreen | jump to | key links | loading something is loading | please try again | thanks for signing up
	share this with | share page | about sharing | copy this link | embed share | pop out player | opens in new window | permalink
	send | share options | sharing options | comments closed | sponsor message | sponsored links | sponsored by | from our partners
	partner content | promoted by | around the network | paid content | this story is part of | trending now in | editors pick
	read full article | read the full story | read the full article | full story | this article is more than 1 year old
	this article is more than 2 years old | this article is more than 5 years old
`, `
	publicidad | anuncio | anuncios | patrocinado | contenido patrocinado | continúa después de la publicidad
	la nota continúa después de la publicidad | el artículo continúa después de la publicidad | continuar leyendo | continúa leyendo
	compartir | comparte | compártelo | compartir en facebook | compartir en twitter | compartir en whatsapp | compartir nota
	compartir artículo | comparte esta nota | comparte esta noticia | comparte este artículo | tuitear | twittear | imprimir | guardar
	correo | correo electrónico | enviar por correo | copiar enlace | copiar link | enlace copiado | comentar | comentarios
	deja un comentario | dejar un comentario | deja tu comentario | ver comentarios | sin comentarios | únete a la conversación
	iniciar sesión | inicia sesión | inicie sesión | regístrate | regístrese | registrarse | suscríbete | suscríbase | suscribirse
	suscríbete ahora | suscríbete aquí | suscripción | suscripciones | boletín | boletines | ver más | ver video | ver vídeo
	ver galería | ver fotos | mostrar más | cargar más | escuchar | escuchar artículo | escucha esta nota | escucha la nota | reproducir
	video | vídeo | vídeos | fotos | foto | galería | fotogalería | imagen | inicio | menú | buscar | cerrar | volver | volver arriba
	siguiente | anterior | siguiente nota | nota anterior | síguenos | síganos | síguenos en | síguenos en google news
	síguenos en redes | síguenos en nuestras redes sociales | en vivo | temas | etiquetas | archivado en | en esta nota | aviso legal
	aviso de privacidad | política de privacidad | política de cookies | términos y condiciones
	saltar recomendamos y continuar leyendo | final de recomendamos | saltar y continuar leyendo | ir al contenido | fuente de la imagen
	pie de foto | lee sin límites | suscríbete para seguir leyendo | regístrate gratis para seguir leyendo | seguir | opinión
	minuto a minuto | suscriptores | publicado | actualizado | publicada | actualizada | términos de uso | contacto | contáctanos
	quiénes somos | todos los derechos reservados | derechos reservados | descarga la app | descarga nuestra app
	activar notificaciones | cortesía | foto de archivo | archivo | foto archivo | fin
`)

// listOpener reports whether the line opens a list of links.
func listOpener(line string) bool {
	if len(line) > 80 {
		return false
	}
	key := plainKey(line)
	if openers[key] {
		return true
	}
	if rest, ok := strings.CutPrefix(key, "list "); ok && strings.ContainsAny(rest, "0123456789") && strings.Trim(rest, "0123456789 itemsof") == "" {
		return true // "list 1 of 4", "list of 4 items"
	}
	for _, p := range [...]string{"more from ", "more on ", "more about ", "read more about ", "read more on ", "más de ", "más sobre "} {
		// "More from the BBC:" opens a list; a headline may begin so without a colon.
		if strings.HasPrefix(key, p) && strings.HasSuffix(line, ":") && wordCount(line) <= 8 {
			return true
		}
	}
	return false
}

// furnitureLine returns the reason why a whole short line is no reporting, or "".
func furnitureLine(line string) string {
	words := wordCount(line)
	if words > 25 {
		return ""
	}
	if listOpener(line) {
		return "" // lists knows what follows it
	}
	key := plainKey(line)
	switch {
	case labels[key] && (words > 1 || !endsSentence(line) || strings.HasSuffix(line, ":")) || counted(key):
		return Boilerplate
	case !strings.ContainsAny(line, " ") && (strings.Contains(line, "@") || strings.Contains(line, "://")):
		return Boilerplate // a bare address or handle
	case strings.Contains(key, "opens in new window") || strings.Contains(key, "opens in a new") || strings.Contains(key, "opens in new tab"):
		return Boilerplate
	case strings.HasPrefix(key, "more about ") && words <= 6 && !endsSentence(line):
		return Boilerplate
	case agencyLine(line):
		return Credit
	case creditLine(line):
		return Credit
	case runTogether(line):
		return Widget
	case gluedLink(line):
		return LinkList
	}
	if reason := notice(line); reason != "" && (words <= 25) {
		return reason
	}
	return ""
}

// counted reports whether the line is a count of reactions: "12 comments", "1.2K shares".
func counted(key string) bool {
	switch strings.Trim(key, "0123456789 k") {
	case "comment", "comments", "share", "shares", "like", "likes", "view", "views", "comentario", "comentarios", "compartir":
		return true
	}
	return false
}

// A noticeRule recognises a sentence by the phrase it begins with.
type noticeRule struct {
	phrase string // plain lower case, beginning with the key word
	words  int    // the most words such a sentence has
	colon  bool   // the phrase must be followed by a colon
	reason string
}

// notices are indexed by their first word. They are imperatives and formulas that reporting does not
// begin a sentence with.
var notices = func() map[string][]noticeRule {
	m := make(map[string][]noticeRule)
	add := func(reason string, words int, colon bool, list string) {
		for line := range strings.SplitSeq(list, "\n") {
			for p := range strings.SplitSeq(line, "|") {
				if p = strings.TrimSpace(p); p != "" {
					first, _, _ := strings.Cut(p, " ")
					m[first] = append(m[first], noticeRule{p, words, colon, reason})
				}
			}
		}
	}
	add(Boilerplate, 45, false, `
		sign up for | sign up to | sign up here | sign up now | sign up its | sign in to | sign in or | log in to | login to | log in or
		register to | register for free | register now | create a free account | create your free account | create an account to
		already a subscriber | already have an account | already a member | not a subscriber | subscribe to our | subscribe to the
		subscribe to get | subscribe to receive | subscribe to read | subscribe to continue | subscribe for | subscribe now
		subscribe today | subscribe here | subscribe on | subscribe via | click here | click on the link | click to | click the link
		click play | tap here | tap to | join our newsletter | join our whatsapp | join our telegram | join our mailing | join our community
		join us on | join the conversation | join the discussion | download our | download the app | download the free | get our newsletter
		get our free | get our app | get our latest | get our best | get the latest news | get the latest headlines | get the latest updates
		get the days top | get breaking news | get top stories | get unlimited access | get email alerts | get notified | get alerts
		get more | get all the latest | stay up to date with our | stay informed with | stay on top of | enter your email | follow us
		follow us on | follow our | follow the ap | follow ap | follow aps | follow the associated press | follow all of aps
		follow reuters | follow bbc | follow the latest news | follow along with | follow full coverage | follow live | follow more
		follow cnn | follow nbc | like us on | find us on | keep up with the latest | would you like to comment | please read our
		please log in | please sign in | please subscribe | please enable | please note that comments | please consider | have a tip
		have a news tip | have a story | got a tip | got a news tip | do you have a tip | do you have a story | have a question or
		have something to say | send us your | send your tips | send tips | email us at | contact the author | contact the reporter
		contact this reporter | reach the reporter | write to us | let us know what | let us know in | tell us what you think
		want to read more | thank you for reading | thanks for reading | you can follow | you can unsubscribe | you are receiving this
		youve read | you have read | this content is not available | this content is for | this content was produced
		this video is not available | this site is protected | this site uses | this website uses | this page requires
		this material may not be | this article is free | this article is for subscribers | this story is for subscribers | we use cookies
		we value your privacy | we apologize but | by clicking | by signing up | by subscribing | by submitting | by entering your
		by continuing to | by providing your | your browser does | your browser is | enable javascript | javascript is disabled
		javascript is required | comments are closed | comments are moderated | comments have been closed | copyright 19 | copyright 20
		copyright c | copyright the | copyright ap | copyright reuters | copyright associated | © | our standards the thomson reuters
		our standards | reproduction in whole | reprints and permissions | read our comment | read our policy | read our privacy
		read full article | read full story | read the full article | read the full story here | read the original | read more at
		read more here | read more about | read more on | for more information about our | for more on this story | for more news
		for more stories | for more coverage | for more from | for more information visit | for the latest news | for the latest updates
		for more visit | support our journalism | support independent | support local journalism | support quality journalism | help us keep
		donate to | make a donation | news and promos | newsletter sign | view this post | view comments | watch live | watch now
		listen to the podcast | listen on | listen to more | app users | story continues below | article continues below | scroll down to
		swipe to | visit our website | turn on notifications | the associated press is solely responsible
		the associated press receives support | the associated press health | associated press climate and | ap is solely responsible
		find aps standards | more ap | more of aps | see more of our | see all of our | getting your trinity | view in browser
	`)
	add(Boilerplate, 60, false, `
		this is a developing story | this is a breaking news story | this is a breaking story | check back for updates
		this story is developing | as a subscriber you have | anyone can read what you share | you have been granted access
		a version of this article appears | a version of this article appeared | a version of this story appeared | follow him on
		follow her on | follow them on | follow the author | comment on this | view more on | we want to hear from | youve been granted
		weve sent | your subscription | this is your last free | you have reached | youve reached your | to continue reading
		already registered | newyou can now listen | you can now listen to | new you can now listen | keep reading with
		for media inquiries | questions about the newsletter | únete a nuestro canal | tu suscripción se está | si quieres compartir
		quieres añadir otro | lee sin límites | y recuerda que puedes recibir | recuerda que puedes recibir | descubre más sobre
		esta noticia está en desarrollo | noticia en desarrollo | nota en desarrollo | sigue todas las noticias | accede a
		ya está en whatsapp | con tu suscripción | si eres suscriptor
	`)
	add(Boilerplate, 60, false, `
		this article is reserved for | already registered on | questions or problems email | support independent journalism | just r
		view the discussion thread | the hill has removed its comment section | we invite you to join the discussion | share your thoughts
		scroll down for video | i would like to be emailed | join our commenting forum | join thought provoking conversations
		thanks for signing up | thank you for signing up | register for free to | want to bookmark your favourite | start your free
		start your subscription | access your favorite topics | something is loading | loading something is loading | now watch
		originally published by | originally published on | originally published at | this article was originally published
		this story was originally published | this article originally appeared | this story originally appeared
		republished with permission | what do you think post a comment | click to share | click to email | click to print
		missing out on the latest | please let us know if youre having issues | no media source currently available
		the code has been copied | the url has been copied | view image in fullscreen | every evening dw sends | have your say
		let us know in the comments | if you enjoyed this | if you liked this | did you like this article | was this article helpful
		do you like this | report an error | report a mistake | spotted a mistake | were always interested in | to comment on this
		to read this article | to read the full | to view this | in order to view this | to support our journalism | to support our work
		help support | become a subscriber | become a patron | buy us a coffee | choose your plan | cancel anytime | try it for free
		limited time offer | our newsletter | our journalism is free | your email address | enter your email | check your inbox
		an error has occurred | invalid email | you must be logged in | you need to be logged in | you must be signed in
		you have successfully | you are now subscribed | by using this site | accept and continue | this content was originally
		this content is provided | this content is hosted | this embedded content | view more videos | more videos
	`)
	add(Boilerplate, 60, false, `
		este artículo fue publicado originalmente | este texto fue publicado | publicado originalmente en | síguenos para más
		lee el contenido completo | para continuar leyendo | para seguir leyendo | contenido exclusivo para | hazte socio | hazte suscriptor
		apóyanos | apoya el periodismo | apoya nuestro | esta página usa | usamos cookies | utilizamos cookies | utilizamos cookies propias
		al continuar navegando | comparte tu opinión | qué opinas | cuéntanos qué | te gustó esta nota | te gustó este artículo
		reporta un error | reportar un error | queremos saber tu opinión | dinos qué piensas | recibe en tu email | recibe en tu whatsapp
		envíanos tus | visita nuestro sitio | visita nuestra página
	`)
	add(Boilerplate, 45, false, `
		suscríbete a | suscríbase a | suscríbete para | suscríbete al | suscríbase al | suscríbete aquí | suscríbete y | regístrate para
		regístrate en | regístrese para | regístrate gratis | inicia sesión | inicie sesión | haz clic | haga clic | dale clic | da clic
		da click | haz click | pulsa aquí | únete a nuestro | únete a nuestra | únete al canal | únase a nuestro | únete aquí | síguenos en
		síganos en | síguenos a través | sigue nuestro | sigue toda la información | descarga la app | descarga nuestra | descargue nuestra
		recibe las noticias | recibe las últimas | recibe en tu correo | recibe nuestro | reciba las noticias | reciba nuestro
		recibe todas | recibe gratis | activa las notificaciones | activa las alertas | consulta la cobertura | consulta nuestra
		ingresa a nuestro | ya puedes recibir | ya nos sigues | mantente informado | para más información visita
		para más información visite | para leer más | para más noticias | con la tecnología de | al suscribirte | al registrarte
		al hacer clic | este sitio usa | este sitio utiliza | este contenido es exclusivo | este contenido no está disponible
		esta nota fue publicada | prohibida su reproducción | prohibida la reproducción | queda prohibida | derechos reservados
		todos los derechos | lea la nota completa | lee la nota completa | lee el artículo completo | lea el artículo completo
		leer nota completa | lee más sobre | lea más sobre | compartir en | comparte en facebook | comparte esta nota
		comparte esta noticia | gracias por leer | danos tu opinión | déjanos tu comentario | deja tu comentario | escríbenos a | escríbenos
		la ap es la única responsable | si te gustó | ver también
	`)
	add(LinkList, 40, true, `
		read more | read also | also read | read | read next | see also | related | related story | related stories | related article
		related coverage | more | more coverage | watch | watch live | watch also | listen | video | videos | photos | gallery | in pictures
		recommended | must read | dont miss | up next | further reading | must watch | further coverage | click here | lea | lee
		lea también | lee también | lea más | lee más | lea además | lee además | leer más | vea también | ve también | ver más
		mira también | te puede interesar | también te puede interesar | le puede interesar | también puedes leer | puedes leer
		te recomendamos | más información | relacionado | mira | mira el video | conoce más | no te pierdas | nota relacionada
		video relacionado | sigue leyendo | tags | topics | filed under | archivado en | temas | etiquetas
	`)
	add(Caption, 90, false, `
		image caption | media caption | photo caption | pie de foto | file photo | pie de imagen
	`)
	add(Credit, 45, false, `
		reporting by | additional reporting by | additional reporting from | reporting and writing by | writing by | editing by | written by
		edited by | compiled by | with files from | with reporting by | with reporting from | with additional reporting
		with contributions from | with material from | with inputs from | with agency inputs | with information from | story by
		graphics by | photography by | video by | photo by | photos by | photograph by | photographs by | image by | illustration by
		picture by | image source | image credit | photo credit | photo courtesy | courtesy of | picture credit | getty images
		file photo by | fuente de la imagen | reporting was contributed by | heard on | caption by | con información de | con informacion de
		con reporte de | con reportes de | reporte de | reporte por | reporte adicional de | editado por | editado en español por
		escrito por | redactado por | traducido por | traducción de | edición de | fotografía de | foto de | fotos de | foto por
		con datos de | con aportes de | con colaboración de
	`)
	add(Credit, 30, true, `
		image | images | photo | photos | photograph | picture | pic | credit | credits | caption | source | sources | via | foto | fotos
		imagen | imágenes | crédito | créditos | fotografía | fuente | fuentes | cortesía | courtesy | illustration | ilustración
		cover photo | featured image | main image | top photo | photo illustration | foto de portada | contributing | contributors
		contributor | photographer | videographer | produced by | author | autor | autora
	`)
	return m
}()

// mayHoldNotice is a cheap test that lets ordinary paragraphs pass without being cut into sentences.
func mayHoldNotice(text string) bool {
	if notice(text) != "" {
		return true
	}
	for _, s := range [...]string{"@", "contribut", "contribuy", "colabor", " reported from ", "REUTERS/", "/Reuters", "/AP", "/AFP", "/Getty", "/EFE", "AFP/"} {
		if strings.Contains(text, s) {
			return true
		}
	}
	if !endsSentence(text) {
		return true // what stands after the last stop may be a label
	}
	// The first word after each stop.
	for i := 0; i+2 < len(text); i++ {
		c := text[i]
		if (c == '.' || c == '!' || c == '?' || c == ')' || c == '"') && text[i+1] == ' ' {
			if _, ok := notices[firstWord(text[i+2:])]; ok {
				return true
			}
		}
	}
	return false
}

// firstWord returns the first word of s in lower case.
func firstWord(s string) string {
	end := 0
	for end < len(s) && end < 24 {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !unicode.IsLetter(r) && r != '©' {
			break
		}
		end += n
	}
	return strings.ToLower(s[:end])
}

// notice returns the reason why a sentence is furniture, or "".
func notice(s string) string {
	s = strings.TrimLeft(s, "–—-•*>»(➤►▶→# ")
	rules := notices[firstWord(s)]
	if len(rules) > 0 {
		words := wordCount(s)
		head := s
		if len(head) > 160 {
			head = head[:160]
		}
		key := plainKey(head)
		if strings.HasPrefix(s, "©") {
			return Boilerplate
		}
		for _, r := range rules {
			if words > r.words || !beginsWith(key, r.phrase) {
				continue
			}
			if r.colon {
				rest, ok := colonAfter(s, r.phrase)
				switch {
				case !ok:
					continue
				case r.reason == LinkList && !strings.Contains(r.phrase, " ") && strings.HasSuffix(rest, "."):
					continue // "Lee: We won." is somebody's answer
				case r.reason == Credit && namesOnly[r.phrase] && !names(rest):
					continue // "Sources: the bridge will close" is a headline
				}
			} else if r.reason == Credit && !names(s) {
				continue // "Reporting by the paper showed …"
			}
			if saying(s) || strings.HasPrefix(r.phrase, "by ") && r.reason == Boilerplate && !strings.Contains(s, " you ") {
				continue
			}
			return r.reason
		}
	}
	return shapeNotice(s)
}

// beginsWith reports whether a plainKey begins with a phrase, at the end of a word or within a number
// ("copyright 20" begins "copyright 2023").
func beginsWith(key, phrase string) bool {
	rest, ok := strings.CutPrefix(key, phrase)
	return ok && (rest == "" || rest[0] == ' ' || isDigits(phrase[len(phrase)-1:]))
}

// saying reports whether the sentence attributes words to somebody, which furniture does not.
func saying(s string) bool {
	for _, v := range [...]string{" said ", " said.", " said,", " told ", " dijo ", " dijo.", " declaró ", " afirmó "} {
		if strings.Contains(s, v) {
			return true
		}
	}
	return false
}

// namesOnly are the labels that other things than credits may follow, too.
var namesOnly = phrases(`
	source | sources | via | author | autor | autora | fuente | fuentes | contributing | contributors | contributor
	image | images | photo | photos
`)

// colonAfter returns what follows the phrase at the head of s, and a colon or bar; ok says that there is one.
func colonAfter(s, phrase string) (rest string, ok bool) {
	i := strings.IndexAny(s, ":|»>")
	if i <= 0 || wordCount(strings.TrimSpace(s[:i])) != strings.Count(phrase, " ")+1 {
		return "", false
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return strings.TrimSpace(s[i+n:]), true
}

// shapeNotice recognises notices that are known by more than their beginning: the note that names further
// reporters, where to follow the coverage, and where to write to.
func shapeNotice(s string) string {
	if len(s) > 500 {
		return ""
	}
	if strings.IndexByte(s, '@') > 0 && wordCount(s) <= 10 {
		switch firstWord(s) {
		case "write", "email", "contact", "send", "reach", "escribe", "escriba", "escríbenos", "contacta":
			return Boilerplate
		}
	}
	if a, b, ok := strings.Cut(s, " reported from "); ok && wordCount(a) >= 2 && !strings.ContainsAny(s, "0123456789") && names(a) && names(b) {
		return Credit
	}
	if rest, ok := strings.CutPrefix(s, "Follow "); ok && strings.Contains(s, " coverage") && wordCount(s) <= 25 {
		whose, _, _ := strings.Cut(rest, " ")
		if r, _ := utf8.DecodeRuneInString(whose); unicode.IsUpper(r) || whose == "all" || whose == "our" || strings.HasPrefix(rest, "the AP") {
			return Boilerplate
		}
	}
	if !strings.Contains(s, "ontrib") && !strings.Contains(s, "olabor") || saying(s) {
		return ""
	}
	for _, p := range [...]string{
		"contributed to this report", "contributed to this story", "contributed to this article", "contributed to this dispatch", "contributed to this post",
		"contributed reporting", "contributed from ", "contributed additional reporting", "contributed research",
		"contribuyó a este", "contribuyeron a este", "contribuyó a esta", "contribuyeron a esta", "contribuyó con este", "contribuyeron con este",
		"contribuyó en este", "contribuyeron en este", "contribuyó desde ", "contribuyeron desde ",
		"colaboró en este", "colaboraron en este", "colaboró con este", "colaboraron con este", "colaboró para este", "colaboraron para este",
		"colaboró en esta", "colaboraron en esta", "colaboró desde ", "colaboraron desde ",
	} {
		i := strings.Index(s, p)
		if i < 0 {
			continue
		}
		// Only names and places stand before the verb, and behind "from".
		rest := s[i+len(p):]
		from := strings.HasSuffix(p, "from ") || strings.HasSuffix(p, "desde ")
		if names(s[:i]) && (!from || names(rest) && !strings.ContainsAny(rest, "0123456789")) {
			return Credit
		}
	}
	if (strings.HasPrefix(s, "AP ") || strings.HasPrefix(s, "Associated Press ")) && strings.HasSuffix(s, " contributed.") {
		return Credit
	}
	return ""
}

// names reports whether s is a list of names, with the small words that such lists have.
func names(s string) bool {
	for f := range strings.FieldsSeq(s) {
		f = strings.Trim(f, ",.;:()’'\"“”–—-|/&")
		if f == "" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(f)
		if !unicode.IsLower(r) {
			continue
		}
		switch f {
		case "and", "in", "at", "from", "of", "the", "for", "also", "with", "on", "as", "writer", "writers", "reporter", "reporters",
			"correspondent", "correspondents", "journalist", "journalists", "editor", "editors", "producer", "producers", "photographer",
			"photographers", "videographer", "videojournalist", "researcher", "researchers", "staff", "contributor", "who", "are", "is", "based", "video",
			"y", "e", "en", "de", "del", "la", "las", "los", "el", "desde", "periodista", "periodistas", "reportero", "reportera", "reporteros",
			"redactor", "redactores", "corresponsal", "corresponsales", "fotógrafo", "también", "van", "von", "da", "di", "al", "bin", "ap", "correspondiente",
			"contributing", "freelance", "news", "agencies", "agency", "wire", "services", "service",
			"by", "reporting", "additional", "editing", "writing", "written", "edited", "compiled", "report", "reports", "photo", "photos", "photography",
			"photograph", "graphics", "graphic", "image", "images", "source", "courtesy", "via", "files", "contributions", "material", "inputs", "information",
			"story", "illustration", "picture", "credit", "heard", "caption", "was", "contributed", "translated", "production", "file",
			"por", "con", "información", "informacion", "reporte", "reportes", "adicional", "editado", "escrito", "redactado", "traducido", "traducción", "edición",
			"foto", "fotos", "fotografía", "datos", "aportes", "colaboración", "español", "fuente", "imagen", "archivo":
		default:
			return false
		}
	}
	return true
}

// agencies are names that stand alone in a credit.
var agencies = phrases(`
	reuters | ap | afp | efe | the associated press | associated press | agence france presse | bloomberg | bloomberg news | dpa | ansa
	xinhua | upi | cnn | notimex | europa press | getty | getty images | afp getty images | ap photo | shutterstock | cnn newsource
	news agencies | agencies | agencias | agencia efe | press association | pa media | the canadian press | canadian press | kyodo
	tass | dw | deutsche welle | staff | newsroom | redacción | staff report | staff reports | wire reports | wire report
	wire services | news wires | cuartoscuro | cnn en español | voa | voice of america | kns | knight ridder | tribune news service
	thomson reuters | reuters staff | ap news | afp news
`)

// agencyLine reports whether the line is nothing but agency names: "Reuters", "— AP", "AP and Reuters".
func agencyLine(line string) bool {
	if len(line) > 80 {
		return false
	}
	key := plainKey(line)
	for _, p := range [...]string{"with ", "via ", "by ", "source ", "sources ", "from ", "con ", "por ", "fuente ", "fuentes ", "de "} {
		key = strings.TrimPrefix(key, p)
	}
	if agencies[key] {
		return true
	}
	if !strings.ContainsAny(key, " ") {
		return false
	}
	for _, and := range [...]string{" and ", " y ", " "} {
		if a, b, ok := strings.Cut(key, and); ok && agencies[a] && agencies[b] {
			return true
		}
	}
	return false
}

// gluedLink reports whether a line is a link's label run together with its headline: "Read moreA headline".
func gluedLink(s string) bool {
	for _, p := range [...]string{"Read more", "READ MORE", "Leer más", "Lea también", "Lee también", "Read also", "See also"} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			r, _ := utf8.DecodeRuneInString(rest)
			return unicode.IsUpper(r) && !strings.HasSuffix(s, ".")
		}
	}
	return false
}

// fileCaption reports whether the paragraph is the caption of an archive picture.
func fileCaption(s string) bool {
	if len(s) > 700 {
		return false
	}
	for _, p := range [...]string{
		"FILE PHOTO:", "FILE PHOTO -", "FILE PHOTO –", "FILE - ", "FILE – ", "FILE — ", "FILE: ", "File photo:",
		"ARCHIVO - ", "ARCHIVO – ", "ARCHIVO — ", "ARCHIVO: ", "FOTO DE ARCHIVO", "Foto de archivo:", "Foto de archivo.",
	} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// gluedLabel returns the length of a label run together with the sentence behind it, or 0:
// "AdvertisementThe talks ended."
func gluedLabel(s string) int {
	for _, p := range [...]string{
		"Story continues below advertisement", "Article continues below advertisement", "Skip advertisement", "SKIP ADVERTISEMENT",
		"Advertisement", "ADVERTISEMENT", "Publicidad", "PUBLICIDAD",
	} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			r, n := utf8.DecodeRuneInString(rest)
			r2, _ := utf8.DecodeRuneInString(rest[n:])
			if unicode.IsUpper(r) && unicode.IsLower(r2) || r == '“' || r == '"' {
				return len(p)
			}
		}
	}
	return 0
}

// initials reports whether a last line is the marks of its editors: "mahc/cr", "jov (efe, afp)".
func initials(s string) bool {
	if len(s) > 40 || endsSentence(s) {
		return false
	}
	if a, b, ok := strings.Cut(s, "("); ok {
		for name := range strings.SplitSeq(strings.TrimSuffix(b, ")"), ",") {
			if !agencies[plainKey(name)] {
				return false
			}
		}
		return len(strings.TrimSpace(a)) <= 8
	}
	parts := strings.Split(s, "/")
	for _, p := range parts {
		if len(p) < 2 || len(p) > 5 || strings.ContainsFunc(p, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return false
		}
	}
	return len(parts) > 1
}

// shouted reports whether a line of some length is all in capitals, as some sites set links to other
// stories between paragraphs.
func shouted(s string) bool {
	if wordCount(s) < 5 || endsSentence(s) {
		return false
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 25
}

// creditLine reports whether the line is the credit of a picture: "Jane Doe/Reuters", "REUTERS/Jane Doe",
// "Jane Doe, AFP".
func creditLine(line string) bool {
	if wordCount(line) > 9 || endsSentence(line) || !names(line) {
		return false
	}
	for _, sep := range [...]string{"/", "|", " via "} {
		if !strings.Contains(line, sep) {
			continue
		}
		for part := range strings.SplitSeq(line, sep) {
			if agencies[plainKey(part)] {
				return true
			}
		}
	}
	name, agency, ok := strings.Cut(line, ", ")
	n := wordCount(name)
	return ok && agencies[plainKey(agency)] && (n == 2 || n == 3)
}

// byline reports whether the line names the writers: "By Jane Doe and John Roe, Associated Press".
func byline(line string) bool {
	rest, ok := cutPrefixFold(line, "by ")
	if !ok {
		if rest, ok = cutPrefixFold(line, "por "); !ok {
			return false
		}
	}
	words := wordCount(rest)
	if words < 2 || words > 14 || strings.ContainsAny(rest, "0123456789?!“”\"%$") || endsSentence(rest) {
		return false
	}
	return names(rest) && !strings.HasPrefix(rest, "the ")
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

var stampWords = phrases(`
	published | updated | posted | last | modified | on | at | am | pm | a | p | m | est | edt | et | cst | cdt | ct | mst | mdt | mt
	pst | pdt | pt | gmt | utc | bst | cet | monday | tuesday | wednesday | thursday | friday | saturday | sunday | mon | tue | tues
	wed | thu | thurs | fri | sat | sun | january | february | march | april | may | june | july | august | september | october
	november | december | jan | feb | mar | apr | jun | jul | aug | sep | sept | oct | nov | dec | st | nd | rd | th | min | mins
	minute | minutes | read | hour | hours | ago | day | days | publicado | publicada | actualizado | actualizada | última
	actualización | el | a las | las | de | del | hrs | h | hora | horas | lectura | minutos | hace | enero | febrero | marzo | abril
	mayo | junio | julio | agosto | septiembre | setiembre | octubre | noviembre | diciembre | ene | abr | dic | lunes | martes
	miércoles | jueves | viernes | sábado | domingo | first | date | time | eastern
`)

// timestamp reports whether the line is nothing but a time of publication or a reading time.
func timestamp(line string) bool {
	if len(line) > 120 || !strings.ContainsAny(line, "0123456789") {
		return false
	}
	key := plainKey(line)
	marks := 0 // of a stamp as such; a bare date needs a day and a year
	numbers := 0
	for w := range strings.FieldsSeq(key) {
		if isDigits(strings.TrimRight(w, "sthndrampx")) {
			numbers++
			continue
		}
		if !stampWords[w] {
			return false
		}
		switch w {
		case "published", "updated", "posted", "modified", "read", "ago", "publicado", "publicada", "actualizado", "actualizada", "actualización", "lectura", "hace", "pm", "am":
			marks++
		}
	}
	return marks > 0 || numbers >= 2
}

// runTogether reports whether a short line is made of page elements without a space between:
// "Share this articleFacebookTwitter", "News in your inboxsubscribe".
func runTogether(line string) bool {
	if wordCount(line) > 15 || endsSentence(line) {
		return false
	}
	low := strings.ToLower(line)
	for _, p := range [...]string{"subscribe", "sign up", "signup", "sign in", "log in", "login", "register", "advertisement",
		"suscríbete", "suscribirse", "regístrate", "publicidad"} {
		if i := strings.LastIndex(low, p); i > 0 && i+len(p) == len(low) && len(low) == len(line) {
			r, _ := utf8.DecodeLastRuneInString(line[:i])
			if unicode.IsLetter(r) && !strings.HasSuffix(low[:i], "un") && !strings.HasSuffix(low[:i], "re") {
				return true
			}
		}
	}
	// Labels run together, cut at the capitals: each part must be a label.
	parts, start := 0, 0
	prev := rune(0)
	check := func(s string) bool {
		k := plainKey(s)
		return labels[k] || openers[k] || k == ""
	}
	for i, r := range line {
		if unicode.IsUpper(r) && unicode.IsLower(prev) && glue(line[start:], i-start) {
			if !check(line[start:i]) {
				return false
			}
			parts++
			start = i
		}
		prev = r
	}
	return parts > 0 && check(line[start:])
}

// linkPhrases stand before a colon or bar and the headline of a link.
var linkPhrases = phrases(`
	read more | read also | also read | read | see also | related | related story | more | watch | must read | lee también | lea también
	lee más | lea más | te puede interesar | lee | lea | ver más | ver también | vea también | mira también
`)

// inlineLink finds a link notice after the last sentence of a paragraph: "… he said. READ MORE: A headline".
func inlineLink(text string) (Span, bool) {
	for end := len(text); ; {
		end = strings.LastIndexAny(text[:end], ":|")
		if end <= 0 || len(text)-end > 250 {
			return Span{}, false
		}
		// The words back to the end of the sentence before.
		low := max(0, end-28)
		start := strings.LastIndexAny(text[low:end], ".!?”\")([–—")
		if start < 0 {
			continue
		}
		start += low
		_, n := utf8.DecodeRuneInString(text[start:])
		phrase := strings.TrimSpace(text[start+n : end])
		r, _ := utf8.DecodeRuneInString(phrase)
		if !unicode.IsUpper(r) || !linkPhrases[plainKey(phrase)] || len(phrase) < 8 && strings.ToUpper(phrase) != phrase {
			continue
		}
		before := strings.TrimRight(text[:start+n], " ([–—-")
		rest := strings.TrimSpace(text[end+1:])
		if !endsSentence(before) || wordCount(rest) > 30 || saying(rest) || strings.HasSuffix(rest, ".") || len(Sentences(rest, "")) > 1 {
			continue
		}
		return Span{len(before), len(text)}, true
	}
}

// parentheticalCredit finds a credit in brackets: "(Reporting by …; Editing by …)", "(AP Photo/…)".
func parentheticalCredit(text string) (Span, bool) {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '(')
		if i < 0 {
			return Span{}, false
		}
		i += from
		from = i + 1
		if !creditInside(text[from:]) {
			continue
		}
		depth := 0
		for j := i; j < len(text) && j-i < 700; j++ {
			switch text[j] {
			case '(':
				depth++
			case ')':
				if depth--; depth == 0 {
					return Span{i, j + 1}, true
				}
			}
		}
		// A bracket never closed, at the end of the text.
		if len(text)-i < 700 && strings.HasPrefix(text[from:], "Report") {
			return Span{i, len(text)}, true
		}
	}
}

func creditInside(s string) bool {
	if len(s) > 60 {
		s = s[:60]
	}
	for _, p := range [...]string{
		"Reporting by ", "Additional reporting by ", "Reporting and writing by ", "Writing by ", "Editing by ", "Written by ", "Edited by ", "Compiled by ", "Report by ", "Reporting from ",
		"Additional reporting and ", "Reporting and editing by ", "Writing and editing by ", "Production by ", "Graphic by ", "Translated by ", "Translation by ",
		"Reporte de ", "Reportes de ", "Reporte por ", "Reportaje de ", "Reporte adicional de ", "Información de ", "Con información de ", "Con reporte de ", "Editado por ", "Editado en español por ", "Escrito por ",
		"Traducido por ", "Traducción de ", "Redacción de ", "Edición de ",
		"AP Photo", "AP Foto", "Foto AP", "AP Video", "Photo by ", "Photo: ", "Photos by ", "Photograph by ", "Image: ", "Image by ", "Foto: ", "Fotos: ", "Foto de ", "Getty Images", "Courtesy of ", "Credit: ", "Video by ",
		"Reuters photo", "REUTERS/", "AFP/", "AFP via ", "Getty/",
	} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return strings.HasPrefix(s, "Photo") && strings.Contains(s, "Getty") || strings.Contains(s, "/Getty Images)") || strings.Contains(s, "/AFP)") || strings.Contains(s, "/AP)") || strings.Contains(s, "/Reuters)")
}

// gluedWidget finds the related-links box that some sites paste into a sentence behind a name: the name,
// glued to it the full name, glued to that a few headlines, and "MORE". The name before it and the
// sentence after it remain.
func gluedWidget(text string) (Span, bool) {
	for from := 0; ; {
		end := strings.Index(text[from:], " MORE")
		if end < 0 {
			return Span{}, false
		}
		end += from + len(" MORE")
		from = end
		if end < len(text) {
			if r, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsLetter(r) || unicode.IsDigit(r) || r == ':' {
				continue
			}
		}
		low := max(0, end-900)
		for !utf8.RuneStart(text[low]) {
			low++
		}
		if i, ok := glueBefore(text, low, end-len(" MORE")); ok {
			return Span{i, end}, true
		}
	}
}

// glueBefore finds where a name is glued to the next word in text[low:end], such that the name comes
// again, glued again, further on; or else such that two words are glued there.
func glueBefore(text string, low, end int) (int, bool) {
	first, glued := -1, 0
	prev := rune(0)
	for i, r := range text[low:end] {
		i += low
		if unicode.IsUpper(r) && (unicode.IsLower(prev) || prev == '.' || prev == ')') && glue(text[low:end], i-low) {
			if first < 0 {
				first = i
			}
			glued++
			name := lastWord(text[low:i])
			if utf8.RuneCountInString(name) >= 3 {
				if k := strings.Index(text[i:min(end, i+120)], name); k > 0 {
					after := i + k + len(name)
					if q, _ := utf8.DecodeRuneInString(text[after:]); after < end && unicode.IsUpper(q) {
						return i, true
					}
				}
			}
		}
		prev = r
	}
	return first, glued >= 2
}

// glue reports whether the capital at s[i] begins a word glued to the one before, rather than standing
// inside a name such as McConnell, DeSantis or YouTube.
func glue(s string, i int) bool {
	before := lastWord(s[:i])
	switch before {
	case "Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "O", "Da", "Del", "St", "You", "Whats", "Tik", "Buzz", "Face", "Link", "i", "e", "Pay", "Wiki", "Git":
		return false
	}
	return utf8.RuneCountInString(before) >= 2
}
