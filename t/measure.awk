# measure.awk - look at C files by the line, for t0000-house.sh.
#
# usage: awk -v show=code|functions|words -f measure.awk FILE...
#
# code:      each line without its comments and the insides of its strings
#            (save after #include), as "file:line:text".
# functions: "lines file:line name" of each function: from the line where its
#            '{' stands alone in the first column to its '}'.
# words:     "percent file": lines that hold comment against all that hold
#            anything; a line that holds both counts on both sides.

function split_line(s,   out, c, i, quote) {
	out = ""; quote = ""; has_words = in_comment
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (in_comment) {
			if (substr(s, i, 2) == "*/") { in_comment = 0; i++ }
		} else if (quote != "") {
			if (c == "\\") i++
			else if (c == quote) { quote = ""; out = out c }
		} else if (substr(s, i, 2) == "/*") {
			in_comment = has_words = 1; i++
		} else if ((c == "\"" || c == "'") && s !~ /^#[ \t]*include/) {
			quote = c; out = out c
		} else
			out = out c
	}
	return out
}

function report() {
	if (show == "words" && last != "")
		printf "%d %s\n", 100 * words / (words + code), last
	words = code = 0
}

FNR == 1 { report(); in_comment = 0; last = FILENAME; open_at = 0 }

{
	text = split_line($0)
	full = text ~ /[^ \t]/
	words += has_words && $0 ~ /[A-Za-z]/
	code += full
	if (show == "code" && full)
		print FILENAME ":" FNR ":" text
}

show == "functions" && /^[A-Za-z_].*\(/ {
	name = $0
	sub(/\(.*/, "", name)
	sub(/.*[ *]/, "", name)
}
show == "functions" && /^\{/ { open_at = FNR }
show == "functions" && /^\}/ && open_at {
	print FNR - open_at + 1, FILENAME ":" open_at, name
	open_at = 0
}

END { report() }
