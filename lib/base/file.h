/*
 * file - reading files, and the one door through which anything durable is
 * written.
 *
 * Read here:  file_read() a whole file; file_write() to replace one so that
 *             a crash leaves the old or the new text, never half of it.
 *             Everything that creates, renames, links or removes something
 *             of the user's goes through here, because each step passes
 *             file_step(): with GIT_EXP_TEST_DIE_AT=n the n-th step does not
 *             happen and the process is gone, which is how the crash tests
 *             walk every state a power cut could leave (style guide, rule 7).
 *             Git children that write call file_step() too (base/proc).
 * Owns:       nothing; buffers are the caller's.
 * Fails:      ERR_NOTFOUND when the file is not there, ERR_FATAL otherwise,
 *             with the path and the system's reason.
 * Knows:      nothing of Git, YAML or what the files mean.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;
struct strs;

/* --- the door ------------------------------------------------------- */

/*
 * One durable step is about to happen: `what` is a short verb ("write",
 * "rename", "ref", ...), `path` what it concerns. Counts, traces
 * ("step  N what path"), and ends the process when N is the chosen one.
 */
void file_step(const char *what, const char *path);

/* How many steps there were so far. */
unsigned long file_steps(void);

enum file_flags {
	FILE_FSYNC    = 1 << 0,	/* flush the file and its directory */
	FILE_MKDIRS   = 1 << 1,	/* make missing parent directories */
	FILE_EXCL     = 1 << 2,	/* ERR_EXISTS when the target is there */
	FILE_KEEPMODE = 1 << 3,	/* an existing file keeps its mode bits */
};

/*
 * Replace `path` by `data`: temporary name in the same directory, write,
 * fsync if asked, rename. `mode` as for open(2), before the umask; 0 means
 * 0666. A symbolic link at `path` is followed, not replaced.
 */
int file_write(const char *path, const void *data, size_t len,
	       mode_t mode, unsigned flags);

int file_rename(const char *from, const char *to);
int file_unlink(const char *path);		/* not being there is success */
int file_link(const char *from, const char *to);	/* ERR_EXISTS possible */
int file_symlink(const char *target, const char *path);
int file_mkdir(const char *path);		/* being there is success */
int file_mkdirs(const char *path);		/* with parents */
int file_mkdirs_for(const char *path);		/* the parents of `path` */
int file_chmod(const char *path, mode_t mode);

/* Remove a file or a whole directory tree; never follows symbolic links. */
int file_remove_tree(const char *path);

/* Remove `path` and its parents up to, not including, `stop`, while empty. */
void file_rmdirs(const char *path, const char *stop);

/*
 * Copy the bytes of `from` to the new file `to` (temporary name, rename),
 * sharing blocks where the file system can; `mode` as in file_write().
 */
int file_copy(const char *from, const char *to, mode_t mode, unsigned flags);

/*
 * True for the name (without directory) of a temporary file of ours, which a
 * crash may leave behind: nothing of the user.
 */
bool file_is_temp(const char *name);

/* --- reading -------------------------------------------------------- */

/* Append the whole file. Refuses more than `limit` bytes (0: no limit). */
int file_read(const char *path, struct buf *out, size_t limit);

bool file_exists(const char *path);		/* does not follow a link */
bool file_is_dir(const char *path);		/* follows */

/*
 * Walk a tree, depth first, names in byte order. `fn` gets the path below
 * `root` and, for directories, a true `dir`; a return > 0 for a directory
 * means "do not enter", < 0 ends the walk and is returned. Links are
 * reported as what they point to (a broken one as a file), but directories
 * behind links are not entered: so DVC walks.
 */
int file_walk(const char *root,
	      int (*fn)(const char *path, bool dir, void *payload),
	      void *payload);

/* The names in a directory, without . and .., sorted. */
int file_list(const char *path, struct strs *out);

/* The same, directories and links to them ending in '/', which is sorted too. */
int file_list_marked(const char *path, struct strs *out);

/* --- lock files ------------------------------------------------------ */

/*
 * A BSD flock(2) on `path` (made if missing), freed by file_unlock() or the
 * end of the process. `wait_ms` < 0 waits for ever. ERR_LOCKED when somebody
 * else has it. The descriptor is close-on-exec.
 */
struct file_lock {
	int fd;			/* -1: not held */
};
#define FILE_LOCK_INIT { .fd = -1 }
int file_lock(struct file_lock *l, const char *path, long wait_ms);
void file_unlock(struct file_lock *l);

/* --- paths (text only, no disk) -------------------------------------- */

/* "a//b/./c/../d" -> "a/b/d"; leading ".."s of a relative path stay; "" is ".". */
char *file_normal(const char *path);		/* caller frees */

/* `path` seen from `base`: absolute stays, otherwise base/path, normalised. */
char *file_join(const char *base, const char *path);	/* caller frees */

/* The way from directory `from` to `to`, both absolute and normal. */
char *file_relative(const char *from, const char *to);	/* caller frees */

/* True when `path` is `dir` or lies below it (text, both normal). */
bool file_inside(const char *dir, const char *path);

/* True when one of the parts of `path` is `name`, in whatever case. */
bool file_has_part(const char *path, const char *name);

/* The directory part ("." when there is none), caller frees. */
char *file_dirname(const char *path);

/* The part after the last slash; borrowed. */
const char *file_basename(const char *path);

/* The current directory, absolute, symbolic links resolved; caller frees. */
char *file_cwd(void);

/* realpath(3), or NULL with no message when it does not resolve. */
char *file_real(const char *path);		/* caller frees */

#endif
