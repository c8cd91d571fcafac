# make_graph N: a project of N tiny stages in layers of four, each needing
# two of the layer before, as dvc.yaml and as build.ninja.
make_graph () {
	git init -q . && git exp init >/dev/null && echo seed >in.txt &&
	awk -v n="$1" 'BEGIN {
		print "stages:" >"dvc.yaml"
		print "rule sh\n  command = $cmd" >"build.ninja"
		for (i = 0; i < n; i++) {
			a = i < 4 ? "in.txt" : "n" (i - 4)
			b = i < 4 ? "" : "n" (int(i / 4) * 4 - 1 - i % 4)
			if (b == a) b = ""
			cmd = "cat " a (b ? " " b : "") " | cksum > o" i
			gsub(/ n/, " o", cmd)
			da = a; sub(/^n/, "o", da); db = b; sub(/^n/, "o", db)
			print "  s" i ":\n    cmd: " cmd "\n    deps:\n    - " da >"dvc.yaml"
			if (db) print "    - " db >"dvc.yaml"
			print "    outs:\n    - o" i >"dvc.yaml"
			print "build .ninja-out/o" i ": sh " (da == "in.txt" ? da : ".ninja-out/" da) \
				(db ? " .ninja-out/" db : "") >"build.ninja"
			c = cmd; gsub(/ o/, " .ninja-out/o", c)
			print "  cmd = " c >"build.ninja"
		}
	}' && printf '.ninja*\n' >.gitignore && mkdir .ninja-out &&
	git add . && git commit -qm graph
}
