package detect

// Limits that no real root comes near.
const (
	maxLinks   = 40        // in one path, as Linux has it
	maxEntries = 100_000   // read from one directory
	maxText    = 4 << 20   // bytes of a file read as text
	maxBinary  = 64 << 20  // bytes of a program searched or read into memory
	maxDirs    = 1000      // directories of one search path, and includes of ld.so.conf
	maxWalked  = 20_000    // directories looked through for a Python outside the known places
	maxDepth   = 10        // of those below the root
	maxLoaders = 64        // of programs, each with its own directories
	maxTexts   = 256 << 20 // bytes of all files read as text
	maxSearch  = 4 << 30   // bytes of all programs searched
	maxListed  = 50 << 20  // names of directories looked at, each as often as it was
)

// limits are those that tests lower.
type limits struct {
	pythons  int // interpreters and environments
	programs int // kept in memory while interpreters are looked for
	warnings int
}

func defaultLimits() limits { return limits{pythons: 1000, programs: 32, warnings: 1000} }
