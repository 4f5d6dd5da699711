package cache

import "os"

// Get returns what Put stored under a key, nil if there is nothing or it is damaged.
func (c *Cache) Get(key string) []byte {
	text, err := os.ReadFile(c.entry(byKey, key, c.version))
	if err != nil {
		return nil
	}
	value, _ := checked(text)
	return value
}

// Put stores a value, which has no line break. As for File, Close reports an error.
func (c *Cache) Put(key string, value []byte) {
	c.mu.Lock()
	failed := c.failed
	c.mu.Unlock()
	if failed != nil {
		return
	}
	err := write(c.entry(byKey, key, c.version), appendChecked(nil, value))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failed = err
		return
	}
	c.stored = true
}
