import socket
from pathlib import Path

from laptop.ports import HOST, Ports, is_free


def listen() -> socket.socket:
    return socket.create_server((HOST, 0))


def test_a_port_is_the_same_in_the_next_run(tmp_path: Path) -> None:
    taken = Ports(tmp_path / "ports.json").take("gateway")
    assert Ports(tmp_path / "ports.json").take("gateway") == taken


def test_a_wished_port_is_given_when_it_is_free(tmp_path: Path) -> None:
    with listen() as server:
        wish = server.getsockname()[1]
    assert Ports(tmp_path / "ports.json").take("gateway", preferred=wish) == wish


def test_a_wished_port_comes_back_when_the_stranger_on_it_is_gone(tmp_path: Path) -> None:
    with listen() as stranger:
        wish = stranger.getsockname()[1]
        assert Ports(tmp_path / "ports.json").take("gateway", preferred=wish) != wish
    assert Ports(tmp_path / "ports.json").take("gateway", preferred=wish) == wish


def test_a_port_that_somebody_listens_on_is_given_up_for_another(tmp_path: Path) -> None:
    with listen() as stranger:
        wish = stranger.getsockname()[1]
        ports = Ports(tmp_path / "ports.json")
        first = ports.take("gateway", preferred=wish)
        assert first != wish
    with socket.create_server((HOST, first)):
        second = Ports(tmp_path / "ports.json").take("gateway")
    assert second != first
    assert is_free(second)


def test_two_parts_never_share_a_port_before_either_listens(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    wish = ports.take("gateway")
    assert ports.take("simulator", preferred=wish) != wish
