#include <array>
#include <charconv>
#include <cmath>

#include "pyro/live/hub.hpp"

namespace pyro::live {
namespace {

// As short as the digits that say something; null where there is no value.
void append_number(std::string& out, double value, int digits) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 40> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
  out.append(text.data(), error == std::errc{} ? end : text.data());
}

void append_member(std::string& out, std::string_view name, double value, int digits) {
  out += ",\"";
  out += name;
  out += "\":";
  append_number(out, value, digits);
}

}  // namespace

void append_compact_json(std::string& out, const records::Observation& face) {
  out += "{\"face_id\":" + std::to_string(face.face.face_id);
  out += face.valid ? ",\"valid\":true" : ",\"valid\":false";
  out += ",\"reason\":\"" + std::string{records::name_of(face.face.quality.reason)} + "\"";
  if (face.face.face_id < 0) {
    out += '}';
    return;
  }
  out += ",\"p\":[";
  for (std::size_t i = 0; i < face.expression.p.size(); ++i) {
    if (i > 0) out += ',';
    append_number(out, static_cast<double>(face.expression.p[i]), 4);
  }
  out += ']';
  const auto real = [](float value) { return static_cast<double>(value); };
  append_member(out, "eye_openness", real(face.fatigue.eye_openness), 3);
  append_member(out, "mouth_openness", real(face.fatigue.mouth_openness), 3);
  append_member(out, "perclos", real(face.fatigue.perclos), 4);
  append_member(out, "blink_rate_per_min", real(face.fatigue.blink_rate_per_min), 1);
  out += face.fatigue.yawning ? ",\"yawning\":true" : ",\"yawning\":false";
  append_member(out, "yaw_deg", real(face.face.pose.yaw_deg), 1);
  append_member(out, "pitch_deg", real(face.face.pose.pitch_deg), 1);
  append_member(out, "roll_deg", real(face.face.pose.roll_deg), 1);
  append_member(out, "score", face.score.step, 4);
  append_member(out, "mean", face.score.mean, 4);
  append_member(out, "volatility", face.score.volatility, 4);
  append_member(out, "index", face.score.index, 1);
  out += ",\"box\":[";
  const records::FaceBox& box = face.face.box;
  for (const float side : {box.x, box.y, box.width, box.height}) {
    append_number(out, real(side), 1);
    out += ',';
  }
  out.back() = ']';
  out += '}';
}

}  // namespace pyro::live
