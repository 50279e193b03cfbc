// Errors are values: a function that can fail returns Result<T>, and the message names the input and the way
// out.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace pyro {

// Whose fault it was; decides the process's exit code (see exit_code).
enum class ErrorCode {
  wrong_use,  // the command or a setting is wrong: exit 2
  bad_input,  // the input is broken, missing or of the wrong kind: exit 3
  failed,     // something here failed (disk full, engine, device): exit 4
};

struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string message;  // one line: what is wrong with which input, and what to do
  std::string context;  // where it came from, for logs ("libav: Invalid data found"); may be empty

  // "message (context)" on one line.
  [[nodiscard]] std::string text() const {
    return context.empty() ? message : message + " (" + context + ")";
  }
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message,
                                                std::string context = {}) {
  return tl::make_unexpected(Error{code, std::move(message), std::move(context)});
}
[[nodiscard]] inline tl::unexpected<Error> bad_input(std::string message, std::string context = {}) {
  return fail(ErrorCode::bad_input, std::move(message), std::move(context));
}
[[nodiscard]] inline tl::unexpected<Error> failed(std::string message, std::string context = {}) {
  return fail(ErrorCode::failed, std::move(message), std::move(context));
}
[[nodiscard]] inline tl::unexpected<Error> wrong_use(std::string message, std::string context = {}) {
  return fail(ErrorCode::wrong_use, std::move(message), std::move(context));
}

// Exit codes of every verb: 0 done, 2 wrong use, 3 bad input, 4 something here failed.
[[nodiscard]] constexpr int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::wrong_use:
      return 2;
    case ErrorCode::bad_input:
      return 3;
    case ErrorCode::failed:
      break;
  }
  return 4;
}

}  // namespace pyro
