#include <string.h>
#include "base/buf.h"
#include "spec/edit-part.h"

void edit_room(struct buf *text, bool json)
{
	const char *note;
	size_t at = strspn(text->s, json ? " \t\r\n" : "\xef\xbb\xbf"), n;

	while (!json && (strchr(" \t\r\n#%", text->s[at]) ||
			 !strncmp(text->s + at, "---", 3))) {
		n = text->s[at] == '-' ? 3 : strspn(text->s + at, " \t");
		n = n ? n : strcspn(text->s + at, "\n");
		at += n ? n : 1;
		if (at >= text->len)
			return;
	}
	if (text->s[at] == '{' || !strncmp(text->s + at, "...", 3))
		return;
	n = strcspn(text->s + at, "\r\n");
	note = json ? NULL : strstr(text->s + at, " #");
	if (note && note < text->s + at + n)
		buf_splice(text, at, (size_t)(note - text->s) - at, NULL, 0);
	else if (json)
		buf_splice(text, at, n, "{}", 2);
	else
		buf_splice(text, at, n + strspn(text->s + at + n, "\r\n"),
			   NULL, 0);
}
