/*
 * ban - calls that nobody here may make.
 *
 * Read here:  nothing to call: the Makefile includes it before everything
 *             else, and a banned name is an error of the compiler.
 * Owns:       nothing.
 * Fails:      never at run time.
 * Knows:      each has a safer one in base: buf for strcpy, strcat, sprintf;
 *             strs_split for strtok; proc for system and popen; file for
 *             tmpnam and mktemp.
 */
#ifndef BASE_BAN_H
#define BASE_BAN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC poison strcpy strcat sprintf vsprintf strtok system popen tmpnam \
	tempnam mktemp gets

#endif
