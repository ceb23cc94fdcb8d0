package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/handshake-lab/handshake-lab/internal/visible"
	"github.com/handshake-lab/handshake-lab/internal/web/app"
	"golang.org/x/net/netutil"
)

// A Server serves one feed: to the teacher's browser under one secret path, and where
// a class may follow to phones under another. Whoever does not know the path is told
// nothing.
type Server struct {
	feed    *Feed
	class   *Class
	teacher string // a random part of the address
	phones  string // the same for the class; "" where there is none
	source  string // what the page is about
	lesson  *Lesson
	votes   pace
	address string   // where a class follows; "" where none may
	hosts   sync.Map // the names that it goes by
	http    http.Server
}

// Config says what is served.
type Config struct {
	Feed   *Feed
	Source string // what the page is about, for its title
	Share  bool   // a class may follow
	Lesson *Lesson
}

// A Lesson stands below a story that was staged to show something.
type Lesson struct {
	Name     string   `json:"name"`
	Happened []string `json:"happened"` // a paragraph each
	Rule     string   `json:"rule"`
	Question string   `json:"question"`
}

// maxConnections is how many may be open at once: a few for each phone.
const maxConnections = 2500

// New makes a server. Serve starts it.
func New(c Config) *Server {
	s := &Server{feed: c.Feed, source: visible.String(c.Source), lesson: c.Lesson, class: newClass(), teacher: token(16)}
	if c.Share {
		s.phones = token(5)
	}
	mux := http.NewServeMux()
	s.routes(mux, s.teacher, true)
	if s.phones != "" {
		s.routes(mux, s.phones, false)
	}
	s.http = http.Server{
		Handler:           s.guard(mux),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    8 << 10,
	}
	return s
}

// token is a part of an address that nobody can guess.
func token(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Serve answers on a listener until ctx ends. addresses are those by which the
// server may be called: another name in a request is DNS rebinding, and refused.
func (s *Server) Serve(ctx context.Context, l net.Listener, addresses []netip.AddrPort) error {
	for _, a := range addresses {
		s.hosts.Store(a.String(), true)
		if a.Addr().IsLoopback() {
			s.hosts.Store(net.JoinHostPort("localhost", portOf(a)), true)
		}
	}
	s.http.BaseContext = func(net.Listener) context.Context { return ctx }
	stop := context.AfterFunc(ctx, func() { s.http.Close() })
	defer stop()
	err := s.http.Serve(netutil.LimitListener(l, maxConnections))
	if errors.Is(err, http.ErrServerClosed) || ctx.Err() != nil {
		return nil
	}
	return err
}

func portOf(a netip.AddrPort) string {
	_, port, _ := net.SplitHostPort(a.String())
	return port
}

// TeacherPath and ClassPath are the secret paths; the second is "" where no class
// may follow.
func (s *Server) TeacherPath() string { return "/" + s.teacher + "/" }
func (s *Server) ClassPath() string {
	if s.phones == "" {
		return ""
	}
	return "/" + s.phones + "/"
}

// policy lets the page load its own files and talk to its own server, and nothing
// else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard refuses requests by another name, and sets the headers of every answer.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if _, own := s.hosts.Load(strings.ToLower(r.Host)); !own {
			http.Error(w, "this server goes by another name", http.StatusMisdirectedRequest)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
			http.Error(w, "only its own page may ask", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// routes are what is served below one secret path.
func (s *Server) routes(mux *http.ServeMux, secret string, teacher bool) {
	base := "/" + secret + "/"
	files := http.FileServerFS(app.Files())
	mux.Handle("GET "+base, http.StripPrefix(base, noListing(files)))
	mux.HandleFunc("GET "+base+"feed", func(w http.ResponseWriter, r *http.Request) { s.stream(w, r, teacher) })
	mux.HandleFunc("GET "+base+"about", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"source": s.source, "teacher": teacher, "class": s.phones != "", "address": s.address, "lesson": s.lesson})
	})
	if teacher {
		mux.HandleFunc("POST "+base+"step", s.takeStep)
		mux.HandleFunc("POST "+base+"ask", s.takeAsk)
		mux.HandleFunc("GET "+base+"qr.svg", s.qr)
		mux.HandleFunc("POST "+base+"reveal", func(w http.ResponseWriter, _ *http.Request) { s.class.show() })
		return
	}
	mux.HandleFunc("POST "+base+"vote", s.takeVote)
}

// Invite says by which address a class follows, for the teacher's page to show. It is
// called before Serve.
func (s *Server) Invite(address string) { s.address = address }

// qr draws the address for the class.
func (s *Server) qr(w http.ResponseWriter, _ *http.Request) {
	picture, err := QR(s.address)
	if err != nil || s.address == "" {
		http.Error(w, "there is no class to join", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write(picture) // a reader that has gone
}

// noListing keeps the file server from listing folders.
func noListing(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "" && strings.HasSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
}

func (s *Server) takeStep(w http.ResponseWriter, r *http.Request) {
	var body struct{ At int }
	if read(w, r, &body) {
		s.class.step(body.At)
	}
}

func (s *Server) takeAsk(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Ask     json.RawMessage
		Options int
		Right   int
	}
	if !read(w, r, &body) {
		return
	}
	if body.Options < 0 || body.Options > maxChoices {
		http.Error(w, "a question has 2 to 8 choices", http.StatusBadRequest)
		return
	}
	s.class.open(body.Ask, body.Options, body.Right)
}

func (s *Server) takeVote(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Phone         string
		Round, Choice int
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	if !s.votes.allow("from "+from, votesOfAddress, time.Now()) {
		http.Error(w, "more slowly", http.StatusTooManyRequests)
		return
	}
	if !read(w, r, &body) {
		return
	}
	if !s.votes.allow("phone "+body.Phone, votesOfPhone, time.Now()) {
		http.Error(w, "more slowly", http.StatusTooManyRequests)
		return
	}
	if len(body.Phone) < 8 || len(body.Phone) > 40 || !s.class.vote(body.Phone, body.Round, body.Choice) {
		http.Error(w, "this question is over", http.StatusConflict)
	}
}

// read reads a small JSON body; false where it has answered that it is none.
func read(w http.ResponseWriter, r *http.Request, body any) bool {
	if r.Header.Get("Content-Type") != "application/json" {
		http.Error(w, "JSON only", http.StatusUnsupportedMediaType)
		return false
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAsk)).Decode(body)
	if err != nil {
		http.Error(w, "not a body of this server's", http.StatusBadRequest)
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // a reader that has gone
}
