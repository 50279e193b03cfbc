// For tests: folders that go away, and frames.csv files made of numbers.
#pragma once

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "pyro/base/time.hpp"

namespace pyro::study {

class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "pyro_study_XXXXXX").string();
    path_ = mkdtemp(name.data()) != nullptr ? name : "";
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary} << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline constexpr char kRunHeader[] =
    "frame,time_s,utc,face_id,valid,reason,angry,disgust,fear,happy,sad,surprise,neutral,yaw_deg\n";
inline constexpr UtcTime kRunStart{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} +
                                   std::chrono::hours{8}};

// A row of person 0 whose strain (angry less happy) is `strain`, -1 to 1.
inline std::string run_row(int frame, double time_s, double strain, double clock_off_s = 0) {
  const double angry = strain > 0 ? strain : 0, happy = strain < 0 ? -strain : 0;
  char text[256];
  const UtcTime utc = kRunStart + std::chrono::microseconds{std::llround((time_s + clock_off_s) * 1e6)};
  std::snprintf(text, sizeof text, "%d,%.6f,%s,0,1,,%.6f,0,0,%.6f,0,0,%.6f,%.3f\n", frame, time_s,
                utc_text(utc).c_str(), angry, happy, 1 - angry - happy, 5 * strain);
  return text;
}

}  // namespace pyro::study
