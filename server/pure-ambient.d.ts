// The console's port mentions AbortSignal in a type; the pure rooms that read its other types get the name and nothing
// that could be done with it.
interface AbortSignal {}
