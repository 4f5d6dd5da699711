package detect

import "syscall"

// Host reads this machine. Options.Kernel is filled in; PATH is the caller's
// affair, as the environment is not read here.
func Host(o Options) (*System, error) {
	var name syscall.Utsname
	if err := syscall.Uname(&name); err == nil {
		o.Kernel = ""
		for _, c := range name.Machine {
			if c == 0 {
				break
			}
			o.Kernel += string(rune(c))
		}
	}
	return Dir("/", o)
}
