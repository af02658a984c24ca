struct secret {
	u32 key[4];
	struct list_head list;
};
