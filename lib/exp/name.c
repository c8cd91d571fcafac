#include <stdint.h>
#include "base/mem.h"
#include "base/os.h"
#include "exp/name.h"

static const char *const how[] = {
	"aware", "azure", "basic", "beige", "blank", "blond", "blunt",
	"brave", "brief", "brisk", "broad", "brown", "calm", "civil", "clean",
	"clear", "close", "crisp", "curly", "damp", "dense", "dizzy", "dusty",
	"eager", "early", "elder", "empty", "equal", "exact", "fancy",
	"fiery", "final", "firm", "fixed", "fleet", "fluid", "fond", "frank",
	"fresh", "frosty", "full", "funny", "fuzzy", "gentle", "giant",
	"glad", "gold", "grand", "grave", "great", "green", "grey", "happy",
	"hardy", "hazy", "heavy", "hollow", "honest", "humble", "icy",
	"ideal", "inner", "ivory", "jolly", "keen", "kind", "large", "late",
	"leafy", "level", "light", "lively", "local", "lone", "long", "loud",
	"loyal", "lucky", "lunar", "major", "mellow", "merry", "mild",
	"minor", "misty", "modest", "moral", "moved", "muddy", "naval",
	"neat", "noble", "novel", "oaken", "olive", "outer", "pale",
	"patient", "plain", "plush", "polar", "prime", "proud", "quick",
	"quiet", "rapid", "rare", "ready", "regal", "rich", "ripe", "rosy",
	"rough", "round", "royal", "ruby", "rural", "rusty", "safe", "sandy",
	"sharp", "shiny", "short", "silent", "silky", "silver", "sleek",
	"slim", "slow", "smart", "smooth", "snowy", "sober", "soft", "solar",
	"solid", "sound", "spare", "stark", "steady", "steep", "still",
	"stone", "stout", "strict", "strong", "subtle", "sunny", "super",
	"sweet", "swift", "tall", "tame", "tawny", "tender", "thick", "tidy",
	"tiny", "topaz", "tough", "true", "urban", "vague", "valid", "vast",
	"vivid", "warm", "weary", "wide", "wild", "windy", "wise", "witty",
	"wooden", "worthy", "young", "zesty",
};

static const char *const what[] = {
	"acorn", "alder", "amber", "anvil", "apple", "arbor", "arrow",
	"aspen", "atlas", "badge", "basil", "basin", "beach", "bead", "bean",
	"bear", "beech", "bell", "birch", "bird", "blade", "bloom", "boat",
	"bolt", "book", "boot", "bowl", "braid", "branch", "brass", "bread",
	"brick", "bridge", "brook", "broom", "brush", "bulb", "cabin",
	"cable", "camel", "candle", "cape", "card", "cart", "cedar", "chain",
	"chair", "chalk", "chart", "chess", "cliff", "clock", "cloud",
	"clove", "coast", "cobra", "comet", "coral", "cork", "crab", "crane",
	"creek", "crow", "crown", "cube", "daisy", "dawn", "deer", "delta",
	"desk", "dome", "door", "dove", "drum", "duck", "dune", "eagle",
	"earth", "ember", "falcon", "fern", "ferry", "field", "finch",
	"fjord", "flame", "flask", "fleece", "flint", "flute", "forest",
	"forge", "fox", "frog", "fruit", "gable", "garden", "gate", "gecko",
	"glade", "glass", "globe", "goose", "grape", "grove", "gull",
	"harbor", "hare", "harp", "haven", "hawk", "hazel", "heron", "hill",
	"hinge", "holly", "honey", "hoof", "horn", "house", "inlet", "iris",
	"island", "ivy", "jade", "jar", "jelly", "kayak", "kettle", "key",
	"kite", "koala", "lagoon", "lake", "lamp", "lantern", "larch", "lark",
	"latch", "leaf", "lemon", "lens", "lever", "lilac", "lily", "linen",
	"lion", "lizard", "loaf", "lodge", "lotus", "lynx", "mango", "maple",
	"marsh", "mast", "meadow", "melon", "milk", "mill", "mint", "mole",
	"moon", "moose", "moss", "moth", "mouse", "nest", "nickel", "north",
	"oak", "oasis", "oat", "ocean", "onion", "orbit", "orchid", "otter",
	"owl", "paddle", "palm", "panda", "paper", "parrot", "pasture",
	"pear", "pearl", "pebble", "pepper", "petal", "pier", "pigeon",
	"pillar", "pine", "planet", "plum", "pond", "poppy", "prairie",
	"prism", "quail", "quartz", "quill", "raft", "rain", "raven", "reef",
	"ridge", "river", "robin", "rock", "root", "rope", "rose", "saddle",
	"sage", "sail", "salmon", "sand", "satin", "seal", "shade", "sheep",
	"shell", "shore", "slate", "sloop", "snail", "snow", "spade", "spark",
	"spice", "spire", "spoon", "spruce", "squid", "stable", "star",
	"stone", "stork", "storm", "stove", "straw", "stream", "sugar",
	"summit", "swan", "table", "tea", "thorn", "thyme", "tiger", "timber",
	"toad", "torch", "tower", "trail", "train", "tree", "trout", "tulip",
	"tunnel", "turtle", "valley", "vase", "velvet", "violet", "wagon",
	"wall", "walnut", "water", "wave", "whale", "wheat", "wheel",
	"willow", "wind", "wing", "wolf", "wool", "wren", "yard", "zebra",
	"zinc",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char *draw(const char *const *list, size_t nr)
{
	uint32_t r;

	os_random(&r, sizeof(r));
	return list[r % nr];
}

char *name_make(unsigned tries)
{
	const char *a = draw(how, COUNT(how)), *n = draw(what, COUNT(what));

	return tries < 20 ? mem_fmt("%s-%s", a, n) :
			    mem_fmt("%s-%s-%u", a, n, tries);
}
