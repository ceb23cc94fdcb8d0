package conversation

// end is the tracker's memory of one end.
type end struct{}
