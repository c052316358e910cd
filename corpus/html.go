package corpus

// page is what a file in another format gives.
type page struct {
	meta Meta
	text string
}

func readHTML(data []byte, address string) (page, *lineError) {
	return page{}, atLine(0, "HTML is not read yet")
}

func readPDF(data []byte) (page, *lineError) { return page{}, atLine(0, "PDF is not read yet") }
