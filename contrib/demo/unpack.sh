#!/bin/sh
# unpack.sh FILE DIR - one PGM image for each line of digits.csv.gz
# (64 grey values 0..16 and the digit): DIR/0000-0.pgm, DIR/0001-1.pgm, ...
mkdir -p "$2" && gzip -dc "$1" | awk -F, -v dir="$2" '
{
	file = sprintf("%s/%04d-%d.pgm", dir, NR - 1, $65)
	print "P2\n8 8\n16" >file
	for (y = 0; y < 8; y++) {
		line = $(8 * y + 1)
		for (x = 2; x <= 8; x++)
			line = line " " $(8 * y + x)
		print line >file
	}
	close(file)
}'
