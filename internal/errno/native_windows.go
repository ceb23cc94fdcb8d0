package errno

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// native are the numbers of Windows. Package syscall has made up those of POSIX
// there; the system never returns them.
var native = map[syscall.Errno][]syscall.Errno{
	syscall.EACCES:        {windows.WSAEACCES, windows.ERROR_ACCESS_DENIED},
	syscall.EADDRINUSE:    {windows.WSAEADDRINUSE},
	syscall.EADDRNOTAVAIL: {windows.WSAEADDRNOTAVAIL},
	syscall.ECONNABORTED:  {windows.WSAECONNABORTED},
	syscall.ECONNREFUSED:  {windows.WSAECONNREFUSED},
	syscall.ECONNRESET:    {windows.WSAECONNRESET},
	syscall.EHOSTDOWN:     {windows.WSAEHOSTDOWN},
	syscall.EHOSTUNREACH:  {windows.WSAEHOSTUNREACH},
	syscall.EINTR:         {windows.WSAEINTR},
	syscall.EMFILE:        {windows.WSAEMFILE, windows.ERROR_TOO_MANY_OPEN_FILES},
	syscall.ENETDOWN:      {windows.WSAENETDOWN},
	syscall.ENETUNREACH:   {windows.WSAENETUNREACH},
	syscall.ENOBUFS:       {windows.WSAENOBUFS},
	syscall.ENOMEM:        {windows.ERROR_NOT_ENOUGH_MEMORY, windows.ERROR_OUTOFMEMORY},
	syscall.ENOPROTOOPT:   {windows.WSAENOPROTOOPT},
	syscall.ENOSPC:        {windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL},
	syscall.EOPNOTSUPP:    {windows.WSAEOPNOTSUPP},
	syscall.EPIPE:         {windows.ERROR_BROKEN_PIPE, windows.ERROR_NO_DATA},
	syscall.ETIMEDOUT:     {windows.WSAETIMEDOUT},
}
