package provider

import "testing"

// FuzzDescribe: what is read is in order and can be merged with itself.
func FuzzDescribe(f *testing.F) {
	for _, seed := range []string{"x86_64::level=v3", "nvidia::cuda=12.9,sm=9.0", "a::b=c,d,e=f", "::=", "x86_64_v3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, read := range []func(string) (any, error){
			func(s string) (any, error) { return Describe(s) },
			func(s string) (any, error) { return Short(s) },
		} {
			if _, err := read(text); err != nil && (err.Error() == "" || len(err.Error()) > 2000) {
				t.Errorf("message of %d bytes", len(err.Error()))
			}
		}
		if list, err := Describe(text); err == nil && show(Merge(list, list)) != show(list) {
			t.Errorf("%q: merging changes it", text)
		}
	})
}
