#include "log_format.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "pyro/base/time.hpp"

namespace pyro::cli {
namespace {

class JsonLines : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
    const auto level = spdlog::level::to_string_view(message.level);
    const nlohmann::ordered_json line{
        {"time", utc_text(std::chrono::floor<std::chrono::microseconds>(message.time))},
        {"level", std::string{level.data(), level.size()}},
        {"message", std::string{message.payload.data(), message.payload.size()}}};
    // What is no UTF-8 (a file's name) is marked; a line break within is escaped.
    const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    to.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLines>();
  }
};

}  // namespace

void add_log_flag(CLI::App& verb, std::string& format) {
  verb.add_option("--log-format", format, "text, or json: an object a line")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}));
}

void use_log_format(const std::string& format) {
  if (format == "json") spdlog::set_formatter(std::make_unique<JsonLines>());
}

int report_logged(const Error& error, bool json, const std::string& format) {
  if (format != "json") return report(error, json);
  spdlog::critical("{}", error.text());
  return exit_code(error.code);
}

}  // namespace pyro::cli
