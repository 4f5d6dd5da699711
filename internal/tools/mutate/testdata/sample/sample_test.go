package sample

import (
	"testing"
	"time"
)

func TestClassify(t *testing.T) {
	if k, err := Classify(-1); k != Small || err == nil {
		t.Error(k, err)
	}
	if k, _ := Classify(50); k != Large {
		t.Error(k)
	}
	if k, err := Classify(1); k != Small || err != nil {
		t.Error(k, err)
	}
}

func TestSum(t *testing.T) {
	Half(8)
	if got := Sum([]int{1, 2, 3, 4}); got != 6 {
		t.Error(got)
	}
}

// TestSlow is slow enough to be taken apart.
func TestSlow(t *testing.T) {
	t.Run("sleep", func(t *testing.T) { time.Sleep(1100 * time.Millisecond) })
	t.Run("generic", func(t *testing.T) {
		if generic([]int{1, 2}, 2) != 1 || generic([]int{1}, 2) != -1 {
			t.Error("wrong")
		}
	})
}
