#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <vector>

#include "pyro/live/face_text.hpp"
#include "pyro/records/mesh_outlines.hpp"

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

using records::outlines::Index;

// The points of a wish. Those of the outlines: each once, in the order in which they are drawn first, so that
// the irises come last and are what the fast mesh leaves out.
std::vector<Index> points_of(MeshWish mesh) {
  std::vector<Index> out;
  if (mesh == MeshWish::all) {
    out.resize(records::kMeshPoints);
    std::iota(out.begin(), out.end(), Index{0});
  } else if (mesh == MeshWish::contours) {
    for (const auto outline : records::kMeshOutlines) {
      for (const Index point : outline) {
        if (std::ranges::find(out, point) == out.end()) out.push_back(point);
      }
    }
  }
  return out;
}
const std::vector<Index>& known_points(MeshWish mesh) {
  static const std::array<std::vector<Index>, kMeshWishes> kKnown{
      points_of(MeshWish::none), points_of(MeshWish::contours), points_of(MeshWish::all)};
  return kKnown[static_cast<std::size_t>(mesh)];
}

void append_whole(std::string& out, long value) {
  std::array<char, 24> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), error == std::errc{} ? end : text.data());
}

void append_mesh(std::string& out, const records::FaceMesh& face, MeshWish mesh, std::int32_t width,
                 std::int32_t height) {
  if (mesh == MeshWish::none || width <= 0 || height <= 0) return;
  const float in_x = 10'000.0F / static_cast<float>(width), in_y = 10'000.0F / static_cast<float>(height);
  out += ",\"mesh\":[";
  for (const Index point : known_points(mesh)) {
    if (point >= face.point_count) continue;
    const records::Point3& at = face.points[static_cast<std::size_t>(point)];
    append_whole(out, std::lround(at.x * in_x));
    out += ',';
    append_whole(out, std::lround(at.y * in_y));
    out += ',';
  }
  if (out.back() == ',') out.pop_back();
  out += ']';
}

void append_quality(std::string& out, const records::FaceQuality& quality) {
  const auto real = [](float value) { return static_cast<double>(value); };
  out += ",\"quality\":{\"size_px\":";
  append_number(out, real(quality.size_px), 1);
  append_member(out, "brightness", real(quality.brightness), 3);
  append_member(out, "contrast", real(quality.contrast), 3);
  append_member(out, "sharpness", real(quality.sharpness), 3);
  append_member(out, "inside", real(quality.inside_fraction), 3);
  append_member(out, "presence", real(quality.presence), 3);
  out += '}';
}

}  // namespace

std::string mesh_text(MeshWish mesh) {
  const std::vector<Index>& points = known_points(mesh);
  std::string out = R"({"type":"mesh","kind":")" +
                    std::string{kMeshWishNames[static_cast<std::size_t>(mesh)]} + R"(","points":[)";
  for (std::size_t i = 0; i < points.size(); ++i) out += (i > 0 ? "," : "") + std::to_string(points[i]);
  out += R"(],"lines":[)";
  if (mesh != MeshWish::none) {
    for (const auto outline : records::kMeshOutlines) {
      if (out.back() == ']') out += ',';
      for (std::size_t i = 0; i < outline.size(); ++i)
        out += (i > 0 ? "," : "[") + std::to_string(std::ranges::find(points, outline[i]) - points.begin());
      out += ']';
    }
  }
  return out + "]}";
}

void append_compact_json(std::string& out, const records::Observation& face, const FaceLately& lately,
                         MeshWish mesh, std::int32_t width, std::int32_t height) {
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
  append_member(out, "index_per_min", lately.index_per_min, 1);
  append_member(out, "confidence", lately.confidence, 3);
  out += ",\"box\":[";
  const records::FaceBox& box = face.face.box;
  for (const float side : {box.x, box.y, box.width, box.height}) {
    append_number(out, real(side), 1);
    out += ',';
  }
  out.back() = ']';
  append_quality(out, face.face.quality);
  append_mesh(out, face.face, mesh, width, height);
  out += '}';
}

}  // namespace pyro::live
