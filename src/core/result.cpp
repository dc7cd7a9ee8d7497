#include <hindsight/core/result.hpp>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace hindsight {

const char* errc_name(Errc code) {
    switch (code) {
    case Errc::Cancelled:
        return "cancelled";
    case Errc::InvalidArgument:
        return "invalid_argument";
    case Errc::NotFound:
        return "not_found";
    case Errc::AlreadyExists:
        return "already_exists";
    case Errc::Unsupported:
        return "unsupported";
    case Errc::Busy:
        return "busy";
    case Errc::Timeout:
        return "timeout";
    case Errc::DeviceLost:
        return "device_lost";
    case Errc::NoSpace:
        return "no_space";
    case Errc::PermissionDenied:
        return "permission_denied";
    case Errc::Io:
        return "io";
    case Errc::Corrupt:
        return "corrupt";
    case Errc::External:
        return "external";
    }
    return "external";
}

tl::unexpected<Error> fail(Errc code, std::string what, int external_code, SourceLocation where) {
    return tl::unexpected(Error{code, std::move(what), external_code, where});
}

tl::unexpected<Error> fail_errno(const std::string& doing, int error_number, SourceLocation where) {
    return fail(
        errc_from_errno(error_number),
        doing + ": " + std::strerror(error_number),
        error_number,
        where);
}

Errc errc_from_errno(int error_number) {
    switch (error_number) {
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
        return Errc::NoSpace;
    case EACCES:
    case EPERM:
    case EROFS:
        return Errc::PermissionDenied;
    case ENOENT:
    case ENOTDIR:
        return Errc::NotFound;
    case EEXIST:
        return Errc::AlreadyExists;
    case EAGAIN:
    case EBUSY:
        return Errc::Busy;
    case EINVAL:
        return Errc::InvalidArgument;
    case EPIPE:
    case ECONNRESET:
    case ENODEV:
        return Errc::DeviceLost;
    default:
        return Errc::Io;
    }
}

void check_failed(const char* expression, const char* file, unsigned line) {
    std::fprintf(stderr, "%s:%u: broken invariant: %s\n", file, line, expression);
    std::abort();
}

}  // namespace hindsight
