package remote

import (
	"container/list"
	"sync"
)

const (
	blockSize = 16 << 10 // bytes; the last block of a file may be shorter
	minAhead  = 4        // blocks of a request
	maxAhead  = 512
	nearby    = 64 // blocks in which reads count as going on
)

// span is a part of a file: length bytes from offset off.
type span struct{ off, length int64 }

func (s span) end() int64 { return s.off + s.length }

// blockCount returns the number of blocks in n bytes, with one that is not full.
func blockCount(n int64) int64 { return (n + blockSize - 1) / blockSize }

// cache holds up to limit blocks of a file, by index. The one that was not used for
// longest is dropped first. The content of a block never changes.
type cache struct {
	mu     sync.Mutex
	limit  int
	blocks map[int64]*list.Element
	recent *list.List // of block, the one used last in front
}

type block struct {
	index int64
	data  []byte
}

func newCache(limit int) cache {
	return cache{limit: limit, blocks: map[int64]*list.Element{}, recent: list.New()}
}

// get returns the content of a block, nil if it is not there.
func (c *cache) get(i int64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.blocks[i]
	if e == nil {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(block).data
}

// put adds a block unless it is there.
func (c *cache) put(i int64, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocks[i] != nil {
		return
	}
	c.blocks[i] = c.recent.PushFront(block{i, data})
	if c.recent.Len() > c.limit {
		delete(c.blocks, c.recent.Remove(c.recent.Back()).(block).index)
	}
}

// missing returns how many blocks from i on are not there, up to last, to the first
// that is, and to the most of one request.
func (c *cache) missing(i, last int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := int64(0)
	for ; i <= last && n < maxAhead && c.blocks[i] == nil; i++ {
		n++
	}
	return n
}

// ahead returns how many blocks to fetch for a reader that needs block i: as many
// as there are of those before it. All of the nearby ones count, since a reader of
// archives skips members, and more of them until the first that is missing. So at
// most half of what is fetched is in vain, and reading a file in sequence takes
// requests that double in size.
func (c *cache) ahead(i int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := int64(0)
	for j := i - 1; j >= max(0, i-maxAhead); j-- {
		if c.blocks[j] != nil {
			n++
		} else if i-j > nearby {
			break
		}
	}
	return max(n, minAhead)
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.blocks)
	c.recent.Init()
}
