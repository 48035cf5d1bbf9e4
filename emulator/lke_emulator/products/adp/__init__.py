"""The actions of adp: the same account, in the members of lke's successor."""
