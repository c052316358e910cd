package corpus

import (
	"strings"
	"testing"
)

// Each line stands in the middle of an article; a line of reporting must stay, others go for their reason.
func TestFurniture(t *testing.T) {
	const before, after = "The council met on Monday and decided nothing.", "It will meet again next week, the mayor said."
	for _, c := range []struct{ reason, lines string }{
		{"", `
			Read more books, the teachers told the children.
			Reporting by the newspaper showed that the bridge was never tested.
			Sources: the bridge will close in May
			Sign language was used at the hearing.
			Share prices of the ferry company fell by a fifth.
			Subscribers of the paper paid for the trip.
			Follow-up talks are planned for June.
			Photos from the scene show a broken wall.
			Image was everything to him, his brother said.
			“Sign up for the course,” the minister urged them.
			Related cases were reported in three towns.
			More than 300 people came.
			More: the fines were doubled, and the judges were not asked.
			Lee: We never saw the money.
			Most viewed it as a defeat.
			Watch the minister's face, she told reporters.
			Editor's note: an earlier version gave a wrong date.
			Contributed funds pay for half of the school.
			Maria Gil, who contributed to this report by the court of auditors, said that it was late.
			The Smith family contributed to this story of success with a small loan.
			Mexico contributed from its own budget, and nobody else did.
			Mexico contributed from 2001 on.
			Ana Lind reported from the scene that nobody was hurt.
			Follow-up coverage was cut.
			Follow the coverage closely, he advised.
			Key points
			What happens next
			WHAT HAPPENS NEXT
			Advertisement of tobacco is banned in the valley.
			By the river, nothing has changed since the flood.
			By 2019 it had doubled.
			By Monday evening
			December was cold.
			In 2018
			3 May 2018: the rule takes effect
			Copyright law was changed in 1998.
			AP classes are offered in three schools.
			Reuters saw the letter.
			Reuters, AP and AFP were not let in.
			Efe is a small town on the lake.
			Getty paid for the museum.
			(He spoke in the hall.)
			She came with her photo (a passport picture) and her papers.
			He asked for MORE money and YouTube videos.
			The DeSantos and McAdam families want MORE.
			Comments made by the mayor were not recorded.
			Listen, he said.
			Send us the children, they wrote.
			This video shows the wall falling, the police said.
			Join us in the hall at noon, the invitation says.
			Terms of the deal were not made public.
			Home prices rose by 4%.
			Video surveillance was widened.
			Por la mañana, el puerto estaba cerrado.
			Por primera vez
			Más de 300 personas llegaron.
			Lea también cerró su tienda el lunes.
			Suscríbete fue la palabra del año, según el diario.
			Fuente de ingresos para el pueblo es el puerto.
			Foto tras foto, el pueblo desaparece.
			Publicidad engañosa, dijo el juez.
			Compartir el agua es difícil, dijo ella.`},
		{Boilerplate, `
			Advertisement
			ADVERTISEMENT
			Story continues below
			Sign up for our newsletter.
			Sign up to our free weekly letter and never miss a thing
			Subscribe to read the rest of this story.
			Subscribe now
			Already a subscriber? Log in here.
			Click here to read the ruling.
			CLICK HERE TO GET THE APP
			Follow us on Facebook and X.
			Follow AP's coverage of ferries: https://example.org/ferries
			Follow all our coverage of the islands here.
			Join the conversation
			Get the latest news in your inbox.
			Have a tip? Write to tips@example.org.
			Would you like to comment on this article?
			Please read our comment policy before commenting.
			By clicking Sign up, you agree to our terms.
			We use cookies to improve this site.
			This site is protected by reCAPTCHA and the privacy policy applies.
			Copyright 2023 Harbour News. All rights reserved.
			© 2023 Harbour News
			All rights reserved.
			Our Standards: The Thomson Reuters Trust Principles.
			This material may not be published, broadcast, rewritten or redistributed.
			This is a breaking news story. Check back for updates.
			This article is reserved for subscribers.
			A version of this article appears in print on page 3.
			The Associated Press receives support from several foundations for its coverage of ferries.
			Enable JavaScript to see this page.
			12 comments
			1.2K shares
			Share on Facebook (opens in new window)
			https://example.org/a/b
			@harbournews
			More about Jane Doe
			Thanks for signing up!
			View image in fullscreen
			Acquire Licensing Rights
			Suscríbete a nuestro boletín.
			Síguenos en Facebook
			Haz clic aquí para leer la sentencia.
			Únete a nuestro canal de WhatsApp.
			Recibe las noticias en tu correo.
			Publicidad
			[Publicidad]
			Compartir
			Todos los derechos reservados.
			Inicia sesión para continuar
			Comentarios
			Esta noticia está en desarrollo.
			Gracias por leer el diario.`},
		{LinkList, `
			Read more: Ferry strike enters its second week
			READ MORE | Ferry strike enters its second week
			Also read: Ten ferries for a wet Sunday
			RELATED: What the mayor knew
			Watch: The bridge falls
			Read moreFerry strike enters its second week
			Tags: ferries, strikes
			Topics: Harbour
			Lee también: Huelga en el puerto
			Te puede interesar: Diez paseos por la costa
			Más información: Huelga en el puerto
			TEN THINGS TO KNOW ABOUT THE NEW FERRY TIMETABLE
			list 1 of 4`},
		{Credit, `
			Reuters
			— Reuters
			(AFP)
			AP and Reuters
			The Associated Press
			Con información de EFE
			Fuente: EFE
			Image: REUTERS/Jane Doe
			Photo: Jane Doe/Harbour News
			Photograph by Jane Doe
			Foto: Cuartoscuro
			REUTERS/Jane Doe
			Jane Doe/AFP/Getty Images
			Jane Doe / AP
			Image source, Getty Images
			Fuente de la imagen, Getty Images
			Reporting by Jane Doe; Editing by John Roe
			Additional reporting by Jane Doe in Skarn
			(Reporting by Jane Doe; editing by John Roe)
			(Reporte de Juana Díaz, editado por Luis Gil)
			– Jane Doe contributed to this article, which was last changed at 6 p.m.
			Associated Press writers Jane Doe in Skarn and John Roe in Almara contributed to this report.
			CNN's Jane Doe contributed to this report.
			Jane Doe contributed reporting from Skarn.
			Jane Doe reported from Skarn, and John Roe from Almara.
			Contributing: Jane Doe
			La periodista Juana Díaz contribuyó a este despacho.`},
		{Caption, `
			FILE PHOTO: A ferry leaves Skarn, May 3, 2017. REUTERS/Jane Doe
			FILE - A ferry leaves Skarn on May 3, 2017. (AP Photo/Jane Doe, File)
			Image caption, Pupils on the first day of school
			ARCHIVO - Un barco sale de Skarn el 3 de mayo de 2017.`},
		{Widget, `
			FacebookTwitterEmail
			Share this articleFacebookWhatsApp
			News in your inboxsubscribe
			Recibe el diario en tu correosuscríbete`},
		{Separator, `
			____
			* * *
			———
			•`},
	} {
		for line := range strings.SplitSeq(c.lines, "\n") {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			a, err := Parse("x.txt", []byte(before+"\n"+line+"\n"+after), &Meta{Title: "A title", Lang: "en"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range a.Removed {
				got = append(got, r.Reason)
			}
			reason := strings.Join(got, ", ")
			kept := strings.Contains(a.Text, line)
			if !strings.HasPrefix(a.Text, before) || !strings.HasSuffix(a.Text, after) {
				t.Errorf("%q: the sentences around it are lost: %q", line, a.Text)
			}
			if reason != c.reason || kept != (c.reason == "") {
				t.Errorf("%q: removed as %q, want %q; left: %q", line, reason, c.reason, a.Text[len(before):len(a.Text)-len(after)])
			}
		}
	}
}

// The same at the end of a sentence's paragraph.
func TestFurnitureInside(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"The ferry is late. READ MORE: Ferry strike enters its second week", "The ferry is late."},
		{"The ferry is late. (READ MORE: Ferry strike enters its second week)", "The ferry is late."},
		{"The ferry is late. Lee también: Huelga en el puerto", "The ferry is late."},
		{"The ferry is late. Sign up for our newsletter here. It will be late tomorrow.", "The ferry is late. It will be late tomorrow."},
		{"The ferry is late. REUTERS/Jane Doe", "The ferry is late."},
		{"The ferry is late. (AP Photo/Jane Doe)", "The ferry is late."},
		{"The ferry (AP Photo/Jane Doe) is late.", "The ferry is late."},
		{"The ferry is late. Advertisement", "The ferry is late."},
		{"AdvertisementThe ferry is late.", "The ferry is late."},
		{"The ferry is late. Jane Doe contributed to this report.", "The ferry is late."},
		{"The ferry is late. He said: read more: it helps.", "The ferry is late. He said: read more: it helps."},
		{"Rep. Ann MoyaAnn Rosa MoyaMoya wins again Who runs the port MORE (I) met Ben GilBenjamin GilGil loses MORE today.", "Rep. Ann Moya (I) met Ben Gil today."},
		{"The ferry, late as ever.Read more: x. Then it came.", "The ferry, late as ever.Read more: x. Then it came."},
	} {
		a, err := Parse("x.txt", []byte("It is cold in Skarn this week, people say.\n"+c.in), &Meta{Lang: "en"})
		if err != nil {
			t.Fatal(err)
		}
		if _, got, _ := strings.Cut(a.Text, paragraphBreak); got != c.want {
			t.Errorf("of %q is left %q, want %q", c.in, got, c.want)
		}
	}
}
