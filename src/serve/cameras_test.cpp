#include "cameras.hpp"

#include <gtest/gtest.h>

#include <map>

namespace pyro::serve {
namespace {

CameraRules rules(const std::vector<std::string>& entries) {
  const auto out = CameraRules::parse(entries);
  EXPECT_TRUE(out) << (out ? "" : out.error().text());
  return out ? *out : CameraRules{};
}

// What a server with these settings would connect to for this camera, where names mean this; "-": refused.
std::string target(const std::vector<std::string>& entries, const std::string& url,
                   const std::map<std::string, std::vector<std::string>>& names = {}) {
  const auto place = read_camera(url);
  if (!place) return "no camera";
  const auto address = rules(entries).address_of(*place, [&](const std::string& host) {
    const auto found = names.find(host);
    return found == names.end() ? addresses_of(host) : found->second;
  });
  return address ? *address : "-";
}

TEST(Cameras, AnAddressIsReadWithoutItsPassword) {
  const auto place = read_camera("rtsp://nur%73e:se%40cret@Door.Example:8554/ward?x=1");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->host, "door.example");
  EXPECT_EQ(place->port, 8554);
  EXPECT_EQ(place->target, "/ward?x=1");
  EXPECT_EQ(place->user, "nurse");
  EXPECT_EQ(place->password, "se@cret");
  EXPECT_EQ(place->shown(), "rtsp://door.example:8554/ward?x=1");
  EXPECT_EQ(read_camera("http://[fd12::7]/")->shown(), "http://[fd12::7]:80/");
  EXPECT_EQ(read_camera("camera:0")->shown(), "camera:0");
  EXPECT_TRUE(read_camera("rtsps://h/") && read_camera("https://h/")) << "by TLS as well";
}

TEST(Cameras, OtherSchemesAndWhatIsNoAddressAreRefused) {
  for (const char* text : {"",
                           "file:///etc/passwd",
                           "concat:a|b",
                           "ftp://h/",
                           "RTSP://h/",
                           "rtsp:///x",
                           "rtsp://h:0/",
                           "rtsp://h:70000/",
                           "rtsp://h:x/",
                           "http://h/a b",
                           "http://h/\r\nX: y",
                           "http://a\\@b/",
                           "http://[::1/",
                           "http://[1.2.3.4]/",
                           "http://h%41/",
                           "rtsp://u:%zz@h/",
                           "camera:",
                           "camera:x",
                           "camera:-1",
                           "demo.mp4",
                           "subfile,,start,0,end,9,,:/etc/passwd",
                           "http://h/#x",
                           "pipe:0",
                           "-"})
    EXPECT_FALSE(read_camera(text)) << text;
}

TEST(Cameras, OnlyWhatTheSettingsNameIsConnectedTo) {
  const std::vector<std::string> net{"rtsp://10.0.8.0/24", "http://camera.example:8080"};
  EXPECT_EQ(target(net, "rtsp://10.0.8.7/x"), "10.0.8.7");
  EXPECT_EQ(target(net, "rtsp://10.0.9.7/x"), "-");
  EXPECT_EQ(target(net, "http://10.0.8.7/x"), "-") << "another scheme";
  EXPECT_EQ(target(net, "rtsp://10.0.8.7:555/x"), "-") << "another port";
  EXPECT_EQ(target(net, "http://camera.example:8080/", {{"camera.example", {"192.168.1.4"}}}), "192.168.1.4");
  EXPECT_EQ(target(net, "http://other.example:8080/", {{"other.example", {"192.168.1.4"}}}), "-");
  EXPECT_EQ(target({}, "rtsp://10.0.8.7/x"), "-");
}

TEST(Cameras, ANameThatStandsForThisMachineIsRefusedWhateverItIsCalled) {
  const std::vector<std::string> named{"http://camera.example"}, wide{"http://0.0.0.0/0", "http://[::]/0"};
  for (const char* inside :
       {"127.0.0.1", "127.8.8.8", "0.0.0.0", "169.254.169.254", "::1", "::", "fe80::1", "::ffff:127.0.0.1",
        "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255", "100.100.100.200",
        "fd00:ec2::254", "168.63.129.16"}) {
    EXPECT_EQ(target(named, "http://camera.example/", {{"camera.example", {inside}}}), "-") << inside;
    EXPECT_EQ(target(wide, "http://camera.example/", {{"camera.example", {inside}}}), "-") << inside;
  }
  EXPECT_EQ(target(named, "http://camera.example/", {{"camera.example", {"127.0.0.1", "10.0.0.3"}}}),
            "10.0.0.3");
  // Other ways to write 127.0.0.1.
  for (const char* url : {"http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://0177.0.0.1/"})
    EXPECT_EQ(target(wide, url), "-") << url;
  // Unless it is named itself, as an address.
  EXPECT_EQ(target({"http://127.0.0.1:81"}, "http://127.0.0.1:81/"), "127.0.0.1");
  EXPECT_EQ(target({"http://127.0.0.1:81"}, "http://127.0.0.2:81/"), "-");
  EXPECT_EQ(target({"http://127.0.0.0/8:81"}, "http://127.0.0.2:81/"), "-") << "not by a network";
}

TEST(Cameras, DevicesAndFilesAreThoseThatAreListed) {
  const CameraRules some = rules({"camera:1", "/srv/demo.mp4"});
  EXPECT_TRUE(some.allow(*read_camera("camera:1")));
  EXPECT_FALSE(some.allow(*read_camera("camera:0")));
  EXPECT_TRUE(some.allow(*read_camera("/srv/demo.mp4")));
  EXPECT_FALSE(some.allow(*read_camera("/srv/../srv/demo.mp4")));
  EXPECT_FALSE(some.allow(*read_camera("/etc/passwd")));
}

TEST(Cameras, WrongEntriesAreNamed) {
  for (const char* entry : {"10.0.0.1", "rtsp://", "rtsp://h/24", "rtsp://10.0.0.0/33", "rtsp://10.0.0.0/x",
                            "rtsp://10.0.0.1:99999", "rtsp://u@h", "file:///x"}) {
    const auto parsed = CameraRules::parse({entry});
    ASSERT_FALSE(parsed) << entry;
    EXPECT_NE(parsed.error().message.find(entry), std::string::npos);
  }
}

}  // namespace
}  // namespace pyro::serve
