#include "pyro/score/settings.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "pyro/base/hex.hpp"

namespace pyro::score {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

Status weight(std::string_view name, double value) {
  // Beyond 1e6 the volatility's fourth powers leave the range in which 1e-9 means anything.
  if (std::isfinite(value) && value >= 0 && value <= 1e6) return {};
  return wrong_use("score setting " + std::string{name} + " is " + number(value) +
                   "; give a weight from 0 to 1000000");
}

Status span_s(std::string_view name, Seconds value) {
  if (std::isfinite(value.count()) && value > Seconds{0} && value <= Seconds{3600}) return {};
  return wrong_use("score setting " + std::string{name} + " is " + number(value.count()) +
                   " s; give more than 0 and at most 3600");
}

}  // namespace

Status validate(const ScoreSettings& settings) {
  for (const auto& [name, value] : {std::pair{"alpha", settings.alpha}, std::pair{"beta", settings.beta},
                                    std::pair{"gamma", settings.gamma}, std::pair{"delta", settings.delta}}) {
    if (Status good = weight(name, value); !good) return good;
  }
  if (!(settings.lambda >= 0 && settings.lambda <= 1)) {
    return wrong_use("score setting lambda is " + number(settings.lambda) + "; give a share from 0 to 1");
  }
  if (Status good = span_s("window", settings.window); !good) return good;
  if (Status good = span_s("baseline", settings.baseline); !good) return good;
  if (settings.known_baseline &&
      !(std::isfinite(settings.known_baseline->mean) && std::isfinite(settings.known_baseline->deviation) &&
        settings.known_baseline->deviation >= 0)) {
    return wrong_use("the known baseline's mean is " + number(settings.known_baseline->mean) +
                     " and its deviation " + number(settings.known_baseline->deviation) +
                     "; give finite numbers, the deviation at least 0");
  }
  if (settings.alpha == 0 && settings.beta == 0 && settings.gamma == 0) {
    return wrong_use("score settings alpha, beta and gamma are all 0; give at least one a weight");
  }
  return {};
}

std::string settings_text(const ScoreSettings& settings) {
  std::string text = "alpha=" + number(settings.alpha) + ";beta=" + number(settings.beta) +
                     ";gamma=" + number(settings.gamma) + ";lambda=" + number(settings.lambda) +
                     ";window_s=" + number(settings.window.count()) +
                     ";profile=" + std::string{name_of(settings.profile)};
  if (settings.profile == Profile::extended) {
    text += ";delta=" + number(settings.delta);
    if (settings.known_baseline) {
      text += ";baseline_mean=" + number(settings.known_baseline->mean) +
              ";baseline_deviation=" + number(settings.known_baseline->deviation);
    } else {
      text += ";baseline_s=" + number(settings.baseline.count());
    }
  }
  return text;
}

std::string stable_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  std::string hex;
  for (int shift = 56; shift >= 0; shift -= 8) append_hex(hex, static_cast<std::uint8_t>(hash >> shift));
  return hex;
}

}  // namespace pyro::score
