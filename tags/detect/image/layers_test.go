package image

import (
	"archive/tar"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief is a listing without the modes.
func brief(t testing.TB, r *Root) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(listing(t, r)) {
		name, rest, _ := strings.Cut(line, " ")
		mode, rest, _ := strings.Cut(strings.TrimSuffix(rest, "\n"), " ")
		b.WriteString(name)
		switch mode[0] {
		case 'd':
			b.WriteString("/")
		case '-':
			b.WriteString("=" + strings.Trim(rest, `"`))
		case 'L':
			b.WriteString(strings.Replace(rest, "-> ", "->", 1))
		default:
			b.WriteString(" " + mode)
		}
		b.WriteString(" ")
	}
	return strings.TrimSpace(b.String())
}

type stack [][]file

var layerTests = []struct {
	name   string
	layers stack
	want   string
}{
	{"a file replaces a file", stack{{text("a", "1")}, {text("a", "2")}}, "a=2"},
	{"the last of one name in a layer", stack{{text("a", "1"), text("a", "2")}}, "a=2"},
	{"a directory joins a directory", stack{{dir("d"), text("d/a", "1")}, {dir("d"), text("d/b", "2")}}, "d/ d/a=1 d/b=2"},
	{"a file replaces a directory", stack{{dir("d"), text("d/a", "1")}, {text("d", "2")}}, "d=2"},
	{"a directory replaces a file", stack{{text("d", "1")}, {dir("d"), text("d/a", "2")}}, "d/ d/a=2"},
	{"a directory after a file after a directory", stack{{dir("d"), text("d/a", "1")}, {text("d", "2")}, {dir("d"), text("d/b", "3")}}, "d/ d/b=3"},
	{"directories need no entries", stack{{text("d/e/a", "1")}}, "d/ d/e/ d/e/a=1"},

	// Whiteouts.
	{"of a file", stack{{text("d/a", "1"), text("d/b", "2")}, {text("d/.wh.a", "")}}, "d/ d/b=2"},
	{"of a directory", stack{{dir("d"), text("d/a", "1"), text("b", "2")}, {text(".wh.d", "")}}, "b=2"},
	{"of a link, not its target", stack{{text("a", "1"), soft("l", "a")}, {text(".wh.l", "")}}, "a=1"},
	{"of nothing", stack{{text("a", "1")}, {text(".wh.b", ""), text("x/y/.wh.b", "")}}, "a=1"},
	{"of a file that comes back later", stack{{text("a", "1")}, {text(".wh.a", "")}, {text("a", "3")}}, "a=3"},
	{"of a directory that comes back later", stack{{text("d/a", "1")}, {text(".wh.d", "")}, {text("d/b", "3")}}, "d/ d/b=3"},
	{"and the same file before it", stack{{text("a", "1")}, {text("a", "2"), text(".wh.a", "")}}, "a=2"},
	{"and the same file after it", stack{{text("a", "1")}, {text(".wh.a", ""), text("a", "2")}}, "a=2"},
	{"and the same directory before it", stack{{text("d/a", "1")}, {dir("d"), text("d/b", "2"), text(".wh.d", "")}}, "d/ d/b=2"},
	{"and the same directory after it", stack{{text("d/a", "1")}, {text(".wh.d", ""), dir("d"), text("d/b", "2")}}, "d/ d/b=2"},
	{"and what lies in the same directory, before it", stack{{text("d/e/a", "1")}, {text("d/e/b", "2"), text(".wh.d", "")}}, "d/ d/e/ d/e/b=2"},
	{"of the lowest layer", stack{{text("a", "1"), text(".wh.a", "")}}, "a=1"},
	{"as a directory", stack{{text("a", "1")}, {dir(".wh.a")}}, ""},
	{"below a link", stack{{text("usr/lib/a", "1"), soft("lib", "usr/lib")}, {text("lib/.wh.a", "")}}, "lib->usr/lib usr/ usr/lib/"},
	{"twice", stack{{text("a", "1")}, {text(".wh.a", ""), text(".wh.a", "")}}, ""},
	{"of a whiteout", stack{{text("a", "1")}, {text(".wh.a", "")}, {text(".wh..wh.a", "")}}, ""},
	{"in a directory that has one too", stack{{text("d/a", "1")}, {text("d/.wh.a", ""), text(".wh.d", "")}}, ""},

	// Not whiteouts.
	{"no dot after the prefix", stack{{text("a", "1")}, {text(".wh", "2"), text(".wha", "3")}}, ".wh=2 .wha=3 a=1"},
	{"the prefix inside a name", stack{{text("a", "1")}, {text("x.wh.a", "2")}}, "a=1 x.wh.a=2"},
	{"in capitals", stack{{text("a", "1")}, {text(".WH.a", "2")}}, ".WH.a=2 a=1"},
	{"case differs", stack{{text("A", "1"), text("a", "2")}, {text(".wh.A", "")}}, "a=2"},

	// Opaque directories.
	{"opaque", stack{{text("d/a", "1"), text("d/e/b", "2"), text("c", "3")}, {text("d/.wh..wh..opq", "")}}, "c=3 d/"},
	{"opaque, then siblings", stack{{text("d/a", "1")}, {text("d/.wh..wh..opq", ""), text("d/b", "2")}}, "d/ d/b=2"},
	{"siblings, then opaque", stack{{text("d/a", "1")}, {text("d/b", "2"), text("d/.wh..wh..opq", "")}}, "d/ d/b=2"},
	{"opaque hides below shared directories", stack{{text("d/e/a", "1"), text("d/f/a", "1")}, {text("d/e/b", "2"), text("d/.wh..wh..opq", "")}}, "d/ d/e/ d/e/b=2"},
	{"opaque and a file of the same name", stack{{text("d/a", "1")}, {text("d/.wh..wh..opq", ""), text("d/a", "2")}}, "d/ d/a=2"},
	{"opaque twice", stack{{text("d/a", "1")}, {text("d/.wh..wh..opq", ""), text("d/b", "2"), text("d/.wh..wh..opq", "")}}, "d/ d/b=2"},
	{"opaque of nothing", stack{{text("a", "1")}, {text("d/.wh..wh..opq", "")}}, "a=1"},
	{"opaque root", stack{{text("a", "1")}, {text(".wh..wh..opq", ""), text("b", "2")}}, "b=2"},
	{"opaque in two layers", stack{{text("d/a", "1")}, {text("d/.wh..wh..opq", ""), text("d/b", "2")}, {text("d/c", "3"), text("d/.wh..wh..opq", "")}}, "d/ d/c=3"},
	{"nearly opaque", stack{{text("d/a", "1")}, {text("d/.wh..opq", ""), text("d/.wh.a.", "")}}, "d/ d/a=1"},
	{"what aufs kept for itself", stack{{text("a", "1")}, {dir(".wh..wh.plnk"), text(".wh..wh.plnk/12.34", "x"), text(".wh..wh.aufs", "")}}, "a=1"},

	// Hard links.
	{"hard link", stack{{text("a", "1"), hard("b", "a")}}, "a=1 b=1"},
	{"across layers", stack{{text("a", "1")}, {hard("b", "a")}}, "a=1 b=1"},
	{"outlives its target", stack{{text("a", "1")}, {hard("b", "a")}, {text(".wh.a", "")}}, "b=1"},
	{"keeps the content of then", stack{{text("a", "1"), hard("b", "a")}, {text("a", "2")}}, "a=2 b=1"},
	{"replaces a file", stack{{text("a", "1"), text("b", "2")}, {hard("b", "a")}}, "a=1 b=1"},
	{"replaces a directory", stack{{text("a", "1"), text("b/c", "2")}, {hard("b", "a")}}, "a=1 b=1"},
	{"to a symbolic link", stack{{soft("l", "x"), hard("m", "l")}}, "l->x m->x"},
	{"to a link's link", stack{{text("a", "1"), hard("b", "a"), hard("c", "b")}}, "a=1 b=1 c=1"},
	{"by an absolute name", stack{{text("d/a", "1"), hard("b", "/d/a")}}, "b=1 d/ d/a=1"},
	{"before its target", stack{{hard("b", "a"), text("a", "1")}}, "a=1 b=1"},
	{"long before its target", stack{{hard("d", "c"), hard("c", "b"), hard("b", "a"), text("a", "1")}}, "a=1 b=1 c=1 d=1"},
	{"target below a link", stack{{text("usr/lib/a", "1"), soft("lib", "usr/lib")}, {hard("b", "lib/a")}}, "b=1 lib->usr/lib usr/ usr/lib/ usr/lib/a=1"},
	{"whose content is empty", stack{{text("a", ""), hard("b", "a")}}, "a= b="},

	// Symbolic links.
	{"symbolic link replaced by a directory", stack{{text("usr/a", "1"), soft("l", "usr")}, {dir("l"), text("l/b", "2")}}, "l/ l/b=2 usr/ usr/a=1"},
	{"directory replaced by a symbolic link", stack{{text("d/a", "1")}, {soft("d", "/x")}}, "d->/x"},
	{"files below a link land where it leads", stack{{dir("usr/lib"), soft("lib", "usr/lib")}, {text("lib/a", "2")}}, "lib->usr/lib usr/ usr/lib/ usr/lib/a=2"},
	{"an absolute link is one from the root", stack{{dir("usr/lib"), soft("x/lib", "/usr/lib")}, {text("x/lib/a", "2")}}, "usr/ usr/lib/ usr/lib/a=2 x/ x/lib->/usr/lib"},
	{"a link cannot leave the root", stack{{soft("l", "../../../etc")}, {text("l/a", "2")}}, "etc/ etc/a=2 l->../../../etc"},
	{"links to links", stack{{dir("a"), soft("b", "a"), soft("c", "./b/")}, {text("c/x", "2")}}, "a/ a/x=2 b->a c->./b/"},
	{"a link to its own parent's sibling", stack{{dir("d/e"), dir("d/f"), soft("d/e/l", "../f")}, {text("d/e/l/x", "2")}}, "d/ d/e/ d/e/l->../f d/f/ d/f/x=2"},
	{"a link to nothing makes directories", stack{{soft("l", "no/where")}, {text("l/a", "2")}}, "l->no/where no/ no/where/ no/where/a=2"},

	// Names.
	{"clamped", stack{{text("/etc/a", "1"), text("../../etc/b", "2"), text("x/../../etc/c", "3"), text("./etc/./d", "4"), text("etc//e", "5")}}, "etc/ etc/a=1 etc/b=2 etc/c=3 etc/d=4 etc/e=5"},
	{"not clamped", stack{{text("..a", "1"), text("a..", "2"), text("...", "3")}}, "...=3 ..a=1 a..=2"},
	{"case", stack{{text("A/x", "1"), text("a/x", "2")}}, "A/ A/x=1 a/ a/x=2"},
	{"backslash", stack{{text(`a\b`, "1")}}, `a\b=1`},
	{"Latin-1", stack{{text("caf\xe9/\xff", "1")}}, "caf\xe9/ caf\xe9/\xff=1"},
	{"long", stack{{text(strings.Repeat("n", 255), "1"), text(strings.Repeat("d/", 300)+"a", "2"), soft("l", strings.Repeat("t/", 300))}, {text(".wh.d", ""), text(".wh.l", "")}}, strings.Repeat("n", 255) + "=1"},

	// Others.
	{"devices and pipes", stack{{special("null", tar.TypeChar), special("sda", tar.TypeBlock), special("pipe", tar.TypeFifo)}}, "null Dcrw-r--r-- pipe prw-r--r-- sda Drw-r--r--"},
	{"an empty layer", stack{{text("a", "1")}, {}}, "a=1"},
	{"no layer", stack{}, ""},
}

func TestLayers(t *testing.T) {
	for _, tt := range layerTests {
		t.Run(tt.name, func(t *testing.T) {
			var plain, packed [][]byte
			for _, files := range tt.layers {
				data := tarOf(t, files...)
				plain, packed = append(plain, data), append(packed, gz(t, data))
			}
			for how, data := range map[string][]byte{"plain": dockerSave(t, amd64, plain...), "gzip": dockerSave(t, amd64, packed...)} {
				for _, keep := range []func(string) bool{nil, all} {
					if diff := cmp.Diff(tt.want, brief(t, rootOf(t, data, keep))); diff != "" {
						t.Errorf("%s: %s", how, diff)
					}
				}
			}
		})
	}
}

func TestModes(t *testing.T) {
	r := rootOf(t, dockerSave(t, amd64, tarOf(t,
		file{name: "./", mode: 0o711}, file{name: "su", mode: 0o4755}, file{name: "sg", mode: 0o2750}, file{name: "tmp/", mode: 0o1777})), nil)
	for name, want := range map[string]string{".": "drwx--x--x", "su": "urwxr-xr-x", "sg": "grwxr-x---", "tmp": "dtrwxrwxrwx"} {
		info, err := r.Lstat(name)
		must(t, err)
		if got := info.Mode().String(); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// refused are layers that no runtime could unpack.
var refused = []struct {
	name   string
	layers stack
	code   Code
	words  string
}{
	{"file below a file", stack{{text("a", "1")}, {text("a/b", "2")}}, CodeNotDir, `a/b: is below "a"`},
	{"file below a device", stack{{special("a", tar.TypeChar)}, {text("a/b", "2")}}, CodeNotDir, "a/b"},
	{"whiteout below a file", stack{{text("a", "1")}, {text("a/.wh.b", "")}}, CodeNotDir, "a/.wh.b"},
	{"link loop", stack{{soft("a", "b"), soft("b", "a")}, {text("a/x", "1")}}, CodeLinkLoop, "a/x"},
	{"link to itself", stack{{soft("a", "a")}, {text("a/x", "1")}}, CodeLinkLoop, "circles"},
	{"growing link", stack{{soft("a", "a/b")}, {text("a/x", "1")}}, CodeLinkLoop, "circles"},
	{"hard link to nothing", stack{{hard("a", "b")}}, CodeHardLink, `a: is a hard link to "b"`},
	{"hard link to nothing in no directory", stack{{hard("a", "x/y/b")}}, CodeHardLink, `"x/y/b"`},
	{"hard link to what was hidden", stack{{text("b", "1")}, {text(".wh.b", ""), hard("a", "b")}}, CodeHardLink, "a: "},
	{"hard link to a directory", stack{{dir("d"), hard("a", "d")}}, CodeHardLink, `directory, "d"`},
	{"hard link to the root", stack{{hard("a", "/")}}, CodeHardLink, "a: "},
	{"hard link to itself", stack{{text("a", "1")}, {hard("a", "a")}}, CodeHardLink, "itself"},
	{"hard links in circles", stack{{hard("a", "b"), hard("b", "a")}}, CodeHardLink, "does not exist"},
	{"hard link below a file", stack{{text("a", "1"), text("b", "1"), hard("a/c", "b")}}, CodeNotDir, "a/c"},
	{"whiteout of nothing", stack{{text("d/.wh.", "")}}, CodeWhiteout, "d/.wh."},
	{"whiteout of dot", stack{{text("d/.wh..", "")}}, CodeWhiteout, "d/.wh.."},
	{"whiteout of the parent", stack{{text("d/.wh...", "")}}, CodeWhiteout, "d/.wh..."},
	{"the root as a link", stack{{soft(".", "x")}}, CodeName, "root"},
	{"the root as a file", stack{{text("a/..", "x")}}, CodeName, "root"},
	{"long part", stack{{text(strings.Repeat("n", 256), "1")}}, CodeName, "255"},
	{"long part on the way", stack{{text(strings.Repeat("n", 256)+"/a", "1")}}, CodeName, "255"},
	{"long path", stack{{text(strings.Repeat("d/", 2048)+"a", "1")}}, CodeName, "4096"},
	{"long target", stack{{soft("a", strings.Repeat("t/", 2049))}}, CodeName, "target"},
	{"long part in a target", stack{{soft("a", strings.Repeat("t", 256)), text("a/x", "1")}}, CodeName, "links"},
	{"deep", stack{{soft("s", strings.Repeat("d/", 1500)), text("s/"+strings.Repeat("e/", 600)+"a", "1")}}, CodeName, "links"},
	{"unknown kind", stack{{special("a", 'Z')}}, CodeEntry, "'Z'"},
	{"continued", stack{{special("a", 'M')}}, CodeEntry, "'M'"},
}

func TestRefused(t *testing.T) {
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			var layers [][]byte
			for _, files := range tt.layers {
				layers = append(layers, tarOf(t, files...))
			}
			_, err := openFile(t, write(t, dockerSave(t, amd64, layers...))).Root(amd64, nil)
			wantCode(t, err, tt.code, tt.words, "layer.tar")
		})
	}
}
